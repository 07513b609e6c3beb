import { decodeMsml, encodeMsml } from '@legato/msml';
import type { MsmlDocument } from '@legato/msml';

/** What XML libraries are known to fall for, one row each, through the door that a peer's body comes in by. */
const body = (content: string): string => `<msml version="1.1">${content}</msml>`;
const bomb = (): string => {
  const levels = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`);
  return `<!DOCTYPE msml [<!ENTITY e0 "lol">${levels.join('')}]>${body('&e9;')}`;
};

describe('a body that is meant to do harm', () => {
  it.each([
    [
      'an entity of 5 kB, a hundred times',
      `<!DOCTYPE msml [<!ENTITY a "${'a'.repeat(5000)}">]>${body('&a;'.repeat(100))}`,
    ],
    ['a billion laughs', bomb()],
    ['an entity from a file', `<!DOCTYPE msml [<!ENTITY c SYSTEM "file:///etc/passwd">]>${body('&c;')}`],
    ['two document types', `<!DOCTYPE a><!DOCTYPE b>${body('')}`],
    ['a million references', body('&#65;'.repeat(1_000_000))],
    ['a thousand levels', body('<a>'.repeat(1000) + '</a>'.repeat(1000))],
    ['101 levels', body('<a>'.repeat(101) + '</a>'.repeat(101))],
    ['the name __proto__', body('<__proto__ polluted="1"/>')],
    ['the attribute __proto__', body('<join __proto__="1"/>')],
    ['the name constructor', body('<constructor/>')],
    ['an element that stays open', '<msml version="1.1"><a>'],
    ['a wrong end tag', body('<a></b>')],
    ['a stray end tag', `${body('')}</msml>`],
    ['two roots', body('') + body('')],
    ['no markup', 'hello'],
    ['NUL', body('\u0000')],
    ['an attribute twice', body('<dialogend id="conn:1/dialog:1" id="conn:2/dialog:2"/>')],
    ['an attribute without quotes', body('<dialogend id=conn:1/dialog:1/>')],
    [
      'ten thousand attributes',
      body(`<a ${Array.from({ length: 5000 }, (_, at) => `a${at}="1"`).join(' ')}/>`),
    ],
    ['fifty thousand siblings', body('<a/>'.repeat(16_000))],
    ['a processing instruction', body('<?php system("id") ?>')],
  ])('is refused with 400: %s', (_what, text) => {
    expect(decodeMsml(Buffer.from(text))).toMatchObject({ ok: false, error: { response: '400' } });
    expect(decodeMsml(Buffer.from(text), { mode: 'lenient' })).toMatchObject({ ok: false });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('has an unknown element, not a method: %s', (name) => {
    expect(decodeMsml(Buffer.from(body(`<${name}/>`)))).toMatchObject({ error: { response: '401' } });
  });

  it.each(['0123', '1e5', '0x1F', '+8613800138000', '0012', '9007199254740993'])(
    'keeps the digits %s as they are',
    (digits) => {
      const text = body(
        `<event name="done" id="conn:1/dialog:1"><name>dtmf.digits</name><value>${digits}</value></event>`,
      );
      expect(decodeMsml(Buffer.from(text))).toMatchObject({
        value: { event: { values: [{ name: 'dtmf.digits', value: digits }] } },
      });
    },
  );
});

describe('a value from outside in a document of ours', () => {
  const withUri = (uri: string): MsmlDocument => ({
    kind: 'request',
    operations: [
      { element: 'dialogstart', target: 'conn:1', content: [{ element: 'play', audio: [{ uri }] }] },
    ],
  });

  it.each([
    'file://x"/><send target="conf:other" event="e"/>',
    ']]>',
    '-->',
    "'",
    '&lt;',
    'a\nb',
    'a\r\nb',
    '<evil/>',
  ])('stays a value: %j', (uri) => {
    const text = encodeMsml(withUri(uri));
    expect(decodeMsml(text)).toEqual({ ok: true, value: withUri(uri) });
    expect(text.toString().match(/<[a-z]/g)).toHaveLength(4);
  });

  it('never carries a line feed of its own into the body', () => {
    expect(encodeMsml(withUri('a\nb')).toString()).toContain('uri="a&#10;b"');
  });

  it.each(['\u0000', '\u0008', '\u001b[2J', '\u000b'])('is refused with its control character: %j', (uri) => {
    expect(() => encodeMsml(withUri(uri))).toThrow(TypeError);
  });

  it('is refused as the name of an element or attribute', () => {
    for (const name of ['x><evil/', 'x y="1"', '']) {
      const xml = { name, attributes: [], children: [] };
      const attribute = { name: 'a', attributes: [{ name, value: '' }], children: [] };
      for (const extension of [xml, attribute]) {
        const document: MsmlDocument = {
          kind: 'request',
          operations: [{ element: 'extension', xml: extension }],
        };
        expect(() => encodeMsml(document)).toThrow(TypeError);
      }
    }
  });
});
