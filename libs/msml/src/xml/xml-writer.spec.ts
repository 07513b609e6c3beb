import fc from 'fast-check';
import type { XmlElement } from './xml-element';
import { parseXml } from './xml.parser';
import { writeXml } from './xml-writer';

const leaf = (name: string, value: string): XmlElement => ({
  name,
  attributes: [{ name: 'uri', value }],
  children: [],
});

describe('writeXml', () => {
  it('writes a declaration and the root on one line', () => {
    expect(writeXml(leaf('a', 'x')).toString()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a uri="x"/>\n',
    );
    expect(writeXml(leaf('a', 'x'), { encoding: 'UTF-8', standalone: true }).toString()).toContain(
      'standalone="yes"?>',
    );
  });

  it.each([
    [
      'quotes and markup',
      'file://x"/><send target="conf:other"/>',
      'file://x&quot;/&gt;&lt;send target=&quot;conf:other&quot;/&gt;',
    ],
    ['the end of a CDATA section', ']]>', ']]&gt;'],
    ['a comment', '-->', '--&gt;'],
    ['line ends and tabs', 'a\r\nb\tc', 'a&#13;&#10;b&#9;c'],
    ['an entity', '&amp;', '&amp;amp;'],
  ])('escapes %s in an attribute', (_what, value, written) => {
    expect(writeXml(leaf('a', value)).toString()).toContain(`<a uri="${written}"/>`);
  });

  it('escapes text', () => {
    const root = { name: 'a', attributes: [], children: ['<b>&]]>\r\n'] };
    expect(writeXml(root).toString()).toContain('<a>&lt;b&gt;&amp;]]&gt;&#13;\n</a>');
  });

  it.each(['\u0000', '\u0007', '\u001b[2J', '\ud800', '\uffff'])('refuses the character %j', (value) => {
    expect(() => writeXml(leaf('a', value))).toThrow(TypeError);
    expect(() => writeXml({ name: 'a', attributes: [], children: [value] })).toThrow(TypeError);
  });

  it.each(['x><evil/', 'a b', '', '1a', 'a:b:c', 'a="1"'])('refuses the name %j', (name) => {
    expect(() => writeXml(leaf(name, 'x'))).toThrow(TypeError);
    expect(() => writeXml({ name: 'a', attributes: [{ name, value: '' }], children: [] })).toThrow(TypeError);
  });

  it('writes characters beyond US-ASCII as references when that is the encoding', () => {
    const bytes = writeXml(leaf('a', 'Grüße \u{1F600}'), { encoding: 'US-ASCII' });
    expect(bytes.toString('latin1')).toContain('<a uri="Gr&#252;&#223;e &#128512;"/>');
    expect(parseXml(bytes)).toMatchObject({ value: { attributes: [{ value: 'Grüße \u{1F600}' }] } });
  });

  it('is read back as it was, whatever the values are', () => {
    const value = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .filter((text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(text));
    fc.assert(
      fc.property(
        value,
        value,
        fc.constantFrom('UTF-8' as const, 'US-ASCII' as const),
        (attribute, text, encoding) => {
          const root = { ...leaf('a', attribute), children: text === '' ? [] : [text] };
          expect(parseXml(writeXml(root, { encoding }))).toEqual({ ok: true, value: root });
        },
      ),
    );
  });
});
