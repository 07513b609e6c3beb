import fc from 'fast-check';
import { MAX_DOCUMENT_BYTES, parseXml } from './xml.parser';

const read = (text: string) => parseXml(Buffer.from(text, 'utf8'));
const refused = (text: string): string | undefined => {
  const parsed = read(text);
  return parsed.ok ? undefined : parsed.error;
};

describe('parseXml', () => {
  it('keeps the order of elements and attributes, and text as it is (XML 1.0 §2)', () => {
    expect(read('<?xml version="1.0" encoding="US-ASCII"?>\r\n<a y="1" x="2"><b/>t<c/><b/></a>\r\n')).toEqual(
      {
        ok: true,
        value: {
          name: 'a',
          attributes: [
            { name: 'y', value: '1' },
            { name: 'x', value: '2' },
          ],
          children: [
            { name: 'b', attributes: [], children: [] },
            't',
            { name: 'c', attributes: [], children: [] },
            { name: 'b', attributes: [], children: [] },
          ],
        },
      },
    );
  });

  it.each(['0012', '0123', '1e5', '1E5', '0x1F', '+8613800', ' 5 ', 'true', '', '1.0'])(
    'leaves the value %j a string, in attributes and text',
    (value) => {
      expect(read(`<a d="${value}">${value}</a>`)).toMatchObject({
        value: { attributes: [{ name: 'd', value }], children: value === '' ? [] : [value] },
      });
    },
  );

  it('joins text around comments and CDATA sections into one (XML 1.0 §2.5, §2.7)', () => {
    expect(read('<a>1<!-- x -->2<![CDATA[<&amp;]]>3</a>')).toMatchObject({
      value: { children: ['12<&amp;3'] },
    });
  });

  it('decodes the five entities and numeric references, and nothing else (XML 1.0 §4.6)', () => {
    expect(read('<a b="&quot;&#35;&#x1F600;&#10;">&amp;&lt;&gt;&apos;&#65;</a>')).toMatchObject({
      value: { attributes: [{ value: '"#\u{1F600}\n' }], children: ["&<>'A"] },
    });
    expect(refused('<a b="&foo;"/>')).toContain('unknown reference &foo;');
    expect(refused('<a b="a & b"/>')).toContain('unknown reference');
    expect(refused('<a b="&#0;"/>')).toContain('unknown reference');
    expect(refused('<a b="&#xFFFFFFFF;"/>')).toContain('unknown reference');
    expect(refused('<a b="&#xD800;"/>')).toContain('unknown reference');
    expect(refused('<a b="&toString;"/>')).toContain('unknown reference');
  });

  it('reads white space of an attribute as spaces (XML 1.0 §3.3.3)', () => {
    expect(read('<a b="x\r\ny\tz"/>')).toMatchObject({ value: { attributes: [{ value: 'x y z' }] } });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['no markup', 'hello'],
    ['an element that is not closed', '<msml><a>'],
    ['a wrong end tag', '<msml><a></b></msml>'],
    ['an end tag alone', '</msml>'],
    ['an end tag too many', '<msml/></msml>'],
    ['two roots', '<msml/><msml/>'],
    ['text before the root', 'x<msml/>'],
    ['text after the root', '<msml/>x'],
    ['text after the root that ends like a tag', '<msml/>a="1"/>'],
    ['a space that is none in XML after the root', '<msml/>\u00a0'],
    ['text after a comment after the root', '<msml/><!-- c -->x'],
    ['text between root and comment', '<msml/>x<!-- c -->'],
    ['a tag that does not end', '<msml/'],
    ['NUL', '<msml>\u0000</msml>'],
    ['a C0 control', '<msml a="\u001b[2J"/>'],
    ['a non-character', '<msml>\uffff</msml>'],
    ['an attribute twice', '<msml a="1" a="2"/>'],
    ['an attribute without quotes', '<msml a=1/>'],
    ['an attribute without value', '<msml a/>'],
    ['attributes without space between', '<msml a="1"b="2"/>'],
    ['"<" in an attribute', '<msml a="<"/>'],
    ['"]]>" in text', '<msml>]]></msml>'],
    ['"--" in a comment', '<msml><!-- a -- b --></msml>'],
    ['a comment that does not end', '<msml><!-- </msml>'],
    ['a CDATA section that does not end', '<msml><![CDATA[ </msml>'],
    ['a processing instruction', '<?xml version="1.0"?><?php x?><msml/>'],
    ['a processing instruction inside', '<msml><?x y?></msml>'],
    ['a name of a number', '<1msml/>'],
    ['__proto__ as element', '<msml><__proto__/></msml>'],
    ['__proto__ as attribute', '<msml __proto__="1"/>'],
    ['constructor as element', '<constructor/>'],
    ['a broken declaration', '<?xml versio1"1.0"?><msml/>'],
    ['a declaration without version', '<?xml encoding="UTF-8"?><msml/>'],
    ['white space before the declaration', ' <?xml version="1.0"?><msml/>'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><msml/>'],
  ])('refuses %s', (_what, text) => {
    expect(refused(text)).toEqual(expect.any(String));
  });

  it.each([
    ['a document type', '<!DOCTYPE msml><msml/>'],
    ['an external entity', '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><m>&x;</m>'],
    ['a bomb of entities', '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><m>&b;</m>'],
    ['an entity inside', '<m><!ENTITY a "b"></m>'],
    ['a document type in lower case', '<!doctype m><m/>'],
  ])('refuses %s before it parses', (_what, text) => {
    expect(refused(text)).toBe('a document type or entity declaration');
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(parseXml(Uint8Array.from([0x3c, 0x61, 0xff, 0x2f, 0x3e])).ok).toBe(false);
  });

  it.each(['<a b=">"/>', "<a b='\">'/>", '<a/><!-- > -->\n', '<a>x</a >', '<a><![CDATA[<]]></a>'])(
    'reads %s',
    (text) => {
      expect(read(text).ok).toBe(true);
    },
  );

  it('reads a byte order mark over', () => {
    expect(read('\ufeff<a/>').ok).toBe(true);
  });

  it.each([
    ['65,537 bytes', `<a>${' '.repeat(MAX_DOCUMENT_BYTES - 6)}</a>`],
    ['a million references', `<a>${'&#65;'.repeat(1_000_000)}</a>`],
  ])('refuses %s by their size alone', (_what, text) => {
    expect(refused(text)).toBe('larger than 65536 bytes');
  });

  it('reads 65,536 bytes', () => {
    expect(read(`<a>${' '.repeat(MAX_DOCUMENT_BYTES - 7)}</a>`).ok).toBe(true);
  });

  it.each([
    ['65 levels', `${'<a>'.repeat(66)}${'</a>'.repeat(66)}`, 'levels'],
    ['5,000 siblings', `<a>${'<b/>'.repeat(5000)}</a>`, 'tags'],
    ['3,000 attributes', `<a>${'<b c="1" d="2" e="3"/>'.repeat(1000)}</a>`, 'attributes'],
    [
      '70 attributes in one element',
      `<a${Array.from({ length: 70 }, (_, i) => ` a${i}="1"`).join('')}/>`,
      'one element',
    ],
  ])('refuses %s', (_what, text, reason) => {
    expect(refused(text)).toContain(reason);
  });

  it('never throws, whatever the bytes are', () => {
    const fragments = fc.constantFrom(
      '<',
      '>',
      '/',
      '<a',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '"',
      '=',
      '&',
      ';',
      'a',
      ' ',
    );
    const markup = fc.array(fragments, { maxLength: 40 }).map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(markup, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        expect(typeof parseXml(bytes).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});
