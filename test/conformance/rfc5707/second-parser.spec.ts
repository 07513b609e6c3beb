import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMsml } from '@legato/msml';
import fc from 'fast-check';
import { parseXml } from '../../../libs/msml/src/xml/xml.parser';
import { schemaVerdicts } from './schema-verdicts';

const folder = join(__dirname, '../../fixtures/msml/examples/verbatim');
const examples = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));

const snippet = fc.constantFrom(
  ...[
    '<',
    '>',
    '/',
    '"',
    "'",
    '=',
    '&',
    ';',
    ' ',
    '\n',
    '\u0000',
    '\u0001',
    '<a>',
    '</a>',
    '<a/>',
    '<!-- c -->',
    '--',
    '-->',
  ],
  ...[
    '<![CDATA[',
    ']]>',
    '&amp;',
    '&#65;',
    '&#0;',
    '&#xD800;',
    '&x;',
    ' a="1"',
    ' a=1',
    ' a',
    'x',
    '1',
    '-',
    '<msml/>',
    '\u00e9',
  ],
);
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 6 }),
  put: snippet,
});

/** An example of the RFC with something cut out and something put in, once to three times. */
const mutant = fc
  .tuple(fc.constantFrom(...examples), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([text, mutations]) =>
    mutations.reduce((whole, { at, cut, put }) => {
      const place = Math.floor(at * whole.length);
      return whole.slice(0, place) + put + whole.slice(place + cut);
    }, text),
  );

/** What is refused on purpose though it is XML, and what a parser with namespaces refuses though it is well-formed. */
const isOurRule = (text: string): boolean => text.indexOf('<?', 1) > 0 || /<\?(?!xml )/.test(text);
const isNamespaceRule = (verdict: string): boolean => /[Nn]amespace|prefix/.test(verdict);

describe('the XML reader beside libxml2', () => {
  const mutants = fc.sample(mutant, 1500);
  const bytes = mutants.map((text) => Buffer.from(text, 'utf8'));
  const verdicts = schemaVerdicts(bytes);
  const malformed = verdicts.map((verdict) => verdict !== null && verdict.startsWith('not well-formed'));

  it('accepts nothing that libxml2 finds malformed', () => {
    const wrong = mutants.filter(
      (_text, at) =>
        malformed[at] && !isNamespaceRule(verdicts[at] ?? '') && parseXml(bytes[at] ?? Buffer.alloc(0)).ok,
    );
    expect(wrong).toEqual([]);
  });

  it('refuses nothing that libxml2 reads, but by its own rules', () => {
    const wrong = mutants.filter(
      (text, at) => !malformed[at] && !isOurRule(text) && !parseXml(bytes[at] ?? Buffer.alloc(0)).ok,
    );
    expect(wrong).toEqual([]);
  });

  it('finds nothing unknown or misplaced in a document that the reconciled schema finds valid', () => {
    const wrong = mutants.filter((text, at) => {
      if (verdicts[at] !== null || !text.includes('<msml') || isOurRule(text)) return false;
      const decoded = decodeMsml(bytes[at] ?? Buffer.alloc(0), { mode: 'lenient' });
      return !decoded.ok && ['400', '401', '404', '405', '406'].includes(decoded.error.response);
    });
    expect(wrong).toEqual([]);
  });
});
