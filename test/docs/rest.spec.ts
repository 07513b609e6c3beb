import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATIONS, SCOPES } from '@legato/contracts';

const page = readFileSync(join(__dirname, '../../docs/rest.md'), 'utf8');

/** `GET /v1/calls/{id}` of every row of the table of operations; a row may name several. */
function rows(): string[] {
  return page
    .split('\n')
    .filter((line) => /^\| `[A-Z]+/.test(line))
    .flatMap((line) => line.split('|')[1]?.match(/`[^`]+`/g) ?? [])
    .map((cell) => cell.slice(1, -1).replace(/\?.*$/, ''))
    .reduceRight<string[]>((found, cell) => {
      // `GET`, `PATCH /v1/x`: the path stands with the last.
      const path = cell.split(' ')[1] ?? found[0]?.split(' ')[1];
      return [`${cell.split(' ')[0]} ${path}`, ...found];
    }, []);
}

describe('docs/rest.md', () => {
  it('has every operation, and no other', () => {
    const known = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...new Set(rows())].sort()).toEqual([...known].sort());
  });

  it('says how the scopes are called', () => {
    expect(SCOPES).toContain('calls:write');
    for (const scope of ['operation:read', 'admin']) expect(page).toContain(`\`${scope}\``);
  });
});
