import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const BEHAVIOURS = 48;

interface Row {
  readonly number: number;
  readonly section: string;
  readonly must: string;
  readonly code: readonly string[];
  /** Test names by the file they stand in. */
  readonly tests: readonly (readonly [file: string, name: string])[];
  readonly state: string;
}

const spans = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');

/** Code spans of a cell: a spec file, then the names of tests in it, then the next file. */
function testsIn(cell: string): [string, string][] {
  let file = '';
  const tests: [string, string][] = [];
  for (const span of spans(cell)) {
    if (span.endsWith('.spec.ts')) file = span;
    else tests.push([file, span]);
  }
  return tests;
}

function readRow(line: string): Row {
  const [number, section, must, code, tests, state] = line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
  return {
    number: Number(number),
    section: section ?? '',
    must: must ?? '',
    code: spans(code ?? ''),
    tests: testsIn(tests ?? ''),
    state: state ?? '',
  };
}

const rows = readFileSync(join(ROOT, 'docs/rfc-coverage.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| *\d+ *\|/.test(line))
  .map(readRow);

/** The text of a spec, with quotes as they are read. */
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'");

describe('docs/rfc-coverage.md', () => {
  it('has a row for each behaviour, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: BEHAVIOURS }, (_, i) => i + 1));
  });

  it.each(rows)('row $number names a section, what must hold, and a state with its reason', (row) => {
    expect(row.section).not.toBe('');
    expect(row.must).not.toBe('');
    expect(row.state).toMatch(/^(done|part: .{10,}|open: .{10,})$/);
  });

  it.each(rows)('row $number names code that is there', ({ code }) => {
    expect(code.length).toBeGreaterThan(0);
    expect(code.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(rows)('row $number names tests that are there', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter(([file]) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(tests.filter(([file, name]) => !textOf(file).includes(name))).toEqual([]);
  });
});
