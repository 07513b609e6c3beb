import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const COUNT = 38;
/** A title that names its requirement: `point 7: …`, `points 14, 38: …`, `… (point 7)`. */
const NAMED = /^[^/*]*['"`(](?:[^'"`]*\()?points? (\d+(?:(?:, | and )\d+)*)/gm;

const specsBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.spec.ts'))
    .map(({ parentPath, name }) => join(parentPath, name));

const numbersIn = (text: string): number[] =>
  [...text.matchAll(NAMED)].flatMap(([, list = '']) => list.split(/, | and /).map(Number));

describe('docs/msml-requirements.md', () => {
  const named = new Set(
    ['apps/media-server/src', 'libs/msml/src', 'libs/b2bua/src', 'test']
      .flatMap(specsBelow)
      .flatMap((path) => numbersIn(readFileSync(path, 'utf8'))),
  );
  const page = readFileSync(join(ROOT, 'docs/msml-requirements.md'), 'utf8');
  const numbers = Array.from({ length: COUNT }, (_, at) => at + 1);

  it('numbers them all', () => {
    expect([...page.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))).toEqual(numbers);
  });

  it.each(numbers)('requirement %d has a test that names it', (number) => {
    expect(named).toContain(number);
  });
});
