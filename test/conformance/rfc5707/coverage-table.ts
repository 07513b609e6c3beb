import { ELEMENTS } from '../../../libs/msml/src/core/elements';
import type { ElementDefinition } from '../../../libs/msml/src/schema/element-definition';
import type { Field } from '../../../libs/msml/src/schema/field';
import { useOf } from './coverage-uses';

const HEAD = `# MSML coverage

Every element and attribute of RFC 5707 that Legato reads and writes, generated from the definitions in libs/msml and compared with
them by test/conformance/rfc5707/coverage.spec.ts (\`UPDATE_COVERAGE=1 npx jest coverage\` writes it anew). Where the text, the schema
and the examples of the RFC disagree, the table shows what Legato took from them.

- **strict**: mandatory for a request that a media server reads by the RFC, optional when it is read leniently.
- What is not in the table is kept and written back: prefixed names always (§4.1), any other name when read leniently; otherwise it is
  answered 401, 404 or 406.
- Content is listed by the names of the children; how many there may be stands before them.
- Every row is encoded and decoded, as test/conformance/rfc5707 shows for generated documents and for the examples of the RFC. **used by**
  says who does something with the element: the control plane asks for it, the media server carries it out. What is only passed through
  our media server answers 402 or 420. **test** is a spec that shows the use.
`;

const COLUMNS = ['§', 'element', 'attribute or content', 'presence', 'values', 'used by', 'test'];
const ROOT = [
  ['7.1', 'msml', 'version', 'mandatory', '1.1; 1.0 is read'],
  [
    '7.1',
    'msml',
    'content',
    'optional',
    'operations, or one event, or one result; confid and dialogid also after it',
  ],
];

/** The table of docs/msml-coverage.md: a row for each element, attribute and kind of content. */
export function coverageTable(): string {
  const packages = Object.entries(ELEMENTS).map(([name, definitions]) =>
    table(
      name,
      definitions.flatMap((definition) => withUse(elementRows(definition), name, definition.name)),
    ),
  );
  return HEAD + table('core: the root', withUse(ROOT, 'core', 'msml')) + packages.join('');
}

const withUse = (rows: readonly string[][], group: string, element: string): string[][] => {
  const { by, spec } = useOf(group, element);
  return rows.map((cells) => [...cells, by, spec]);
};

/** A table whose columns are as wide as their widest cell, as prettier wants it. */
function table(title: string, rows: readonly string[][]): string {
  const widths = COLUMNS.map((column, at) =>
    Math.max(column.length, 3, ...rows.map((cells) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return `\n## ${title}\n\n${[COLUMNS, rule, ...rows].map(line).join('\n')}\n`;
}

function elementRows(definition: ElementDefinition): string[][] {
  const { section, name, aliases, fields } = definition;
  const title = aliases.length > 0 ? `${name} (also read: ${aliases.join(', ')})` : name;
  if (fields.size === 0) return [[section, title, '–', '', 'empty']];
  return [...fields].map(([key, field]) => [section, title, ...fieldCells(key, field)]);
}

function fieldCells(key: string, field: Field<unknown>): [string, string, string] {
  if (field.kind === 'content') return ['content', presenceOf(field.occurrence.least), contentOf(field)];
  const aliases = field.aliases ? ` (also read: ${field.aliases.join(', ')})` : '';
  const name = field.wireName ?? key;
  return [`${name}${aliases}`, field.presence, field.type.expected];
}

function presenceOf(least = 0): string {
  return least > 0 ? 'mandatory' : 'optional';
}

function contentOf(field: Field<unknown> & { kind: 'content' }): string {
  if (field.raw) return 'anything, passed through';
  const { least = 0, most } = field.occurrence;
  const count = most === undefined ? `${least} or more` : `${least} to ${most}`;
  return `${count}: ${field.names().join(' ')}`;
}
