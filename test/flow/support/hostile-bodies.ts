const body = (content: string): string => `<msml version="1.1">${content}</msml>`;

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`);
  return `<!DOCTYPE msml [<!ENTITY e0 "lol">${levels.join('')}]>${body('&e9;')}`;
}

/** Bodies that XML libraries fall for, by what is wrong with them; each fits into a datagram. */
export const HOSTILE_BODIES: readonly (readonly [what: string, text: string])[] = [
  [
    'an entity, a hundred times',
    `<!DOCTYPE msml [<!ENTITY a "${'a'.repeat(5000)}">]>${body('&a;'.repeat(100))}`,
  ],
  ['a billion laughs', bomb()],
  ['an entity from a file', `<!DOCTYPE msml [<!ENTITY c SYSTEM "file:///etc/passwd">]>${body('&c;')}`],
  ['ten thousand references', body('&#65;'.repeat(10_000))],
  ['more than a hundred levels', body('<a>'.repeat(150) + '</a>'.repeat(150))],
  ['a thousand levels', body('<a>'.repeat(1000) + '</a>'.repeat(1000))],
  ['the name __proto__', body('<__proto__ polluted="1"/>')],
  ['the name constructor', body('<constructor/>')],
  ['the attribute __proto__', body('<event __proto__="1" name="msml.dialog.exit" id="conn:1/dialog:1"/>')],
  ['an element that stays open', '<msml version="1.1"><result response="200">'],
  ['a wrong end tag', '<msml version="1.1"><result response="200"></msml>'],
  ['two roots', body('<result response="200"/>') + body('<result response="200"/>')],
  ['no markup', 'hello'],
  ['NUL', body('<result response="200"/>\u0000')],
  ['an attribute twice', body('<result response="200" response="500"/>')],
  ['an attribute without quotes', body('<result response=200/>')],
  ['ten thousand attributes', body(`<result response="200" ${manyAttributes(6000)}/>`)],
  ['fifty thousand siblings', body('<confid/>'.repeat(6000))],
  ['nothing but white space', ' \r\n '],
];

function manyAttributes(count: number): string {
  return Array.from({ length: count }, (_, at) => `a${at}="1"`)
    .join(' ')
    .slice(0, 60_000);
}
