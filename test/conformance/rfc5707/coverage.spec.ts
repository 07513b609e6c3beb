import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coverageTable } from './coverage-table';
import { ELEMENT_USES } from './coverage-uses';

const path = join(__dirname, '../../../docs/msml-coverage.md');
const schema = readFileSync(join(__dirname, '../../fixtures/msml/msml-reconciled.xsd'), 'utf8');

const namesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

describe('docs/msml-coverage.md', () => {
  const table = coverageTable();

  it('is what the definitions say', () => {
    if (process.env['UPDATE_COVERAGE']) writeFileSync(path, table);
    expect(readFileSync(path, 'utf8')).toBe(table);
  });

  it('names specs that are there', () => {
    const specs = new Set(
      Object.values(ELEMENT_USES).flatMap((uses) => Object.values(uses).map(({ spec }) => spec)),
    );
    expect([...specs].filter((spec) => !existsSync(join(__dirname, '../../..', spec)))).toEqual([]);
  });

  it('has every element of the reconciled schema', () => {
    /** Abstract in the schema, or a part of what another language writes. */
    const notMsml = ['primitive', 'control', 'rule'];
    const words = new Set(table.split(/[^A-Za-z0-9:-]+/));
    const names = new Set(namesIn(schema, /<xs:element name="([^"]+)"/g));
    expect([...names].filter((name) => !words.has(name) && !notMsml.includes(name))).toEqual([]);
  });

  it('has every attribute of the reconciled schema', () => {
    const words = new Set(table.split(/[^A-Za-z0-9:-]+/));
    const names = new Set([
      ...namesIn(schema, /<xs:attribute name="([^"]+)"/g),
      ...namesIn(schema, /<xs:attribute ref="([^"]+)"/g),
    ]);
    expect([...names].filter((name) => !words.has(name))).toEqual([]);
  });
});
