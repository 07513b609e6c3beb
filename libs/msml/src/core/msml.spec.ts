import type { MsmlDocument } from './msml';
import { decodeMsml, encodeMsml, MSML_CONTENT_TYPE } from './msml';

const msml = (content: string): Buffer => Buffer.from(`<msml version="1.1">${content}</msml>`);
const faultOf = (bytes: Uint8Array) => {
  const decoded = decodeMsml(bytes);
  return decoded.ok ? undefined : decoded.error;
};

describe('encodeMsml', () => {
  it('writes operations in their order (§5)', () => {
    const document: MsmlDocument = {
      kind: 'request',
      operations: [
        { element: 'unjoin', id1: 'conn:1', id2: 'conf:1' },
        { element: 'join', id1: 'conn:1', id2: 'conf:2', mark: 'm1' },
        { element: 'unjoin', id1: 'conn:2', id2: 'conf:1' },
        { element: 'join', id1: 'conn:2', id2: 'conf:2' },
      ],
    };
    const bytes = encodeMsml(document);
    expect(bytes.toString()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<msml version="1.1">' +
        '<unjoin id1="conn:1" id2="conf:1"/><join id1="conn:1" id2="conf:2" mark="m1"/>' +
        '<unjoin id1="conn:2" id2="conf:1"/><join id1="conn:2" id2="conf:2"/></msml>\n',
    );
    expect(decodeMsml(bytes)).toEqual({ ok: true, value: document });
  });

  it('has the Content-Type of RFC 5707', () => {
    expect(MSML_CONTENT_TYPE).toBe('application/msml+xml');
  });

  it('refuses an element that MSML does not have, and control characters', () => {
    const unknown = { element: 'transfer' } as unknown as { element: 'dialogend'; id: string };
    expect(() => encodeMsml({ kind: 'request', operations: [unknown] })).toThrow(TypeError);
    const bell = { element: 'dialogend' as const, id: 'conn:\u0007/dialog:x' };
    expect(() => encodeMsml({ kind: 'request', operations: [bell] })).toThrow(TypeError);
  });

  it('lets no value out of its quotes', () => {
    const uri = 'file://x"/><send target="conf:other" event="terminate"/>';
    const document: MsmlDocument = {
      kind: 'request',
      operations: [
        { element: 'dialogstart', target: 'conn:1', content: [{ element: 'play', audio: [{ uri }] }] },
      ],
    };
    expect(decodeMsml(encodeMsml(document))).toEqual({ ok: true, value: document });
  });

  it('leaves the document as it was', () => {
    const xml = { name: 'x:y', attributes: [], children: [] };
    const document: MsmlDocument = { kind: 'request', operations: [{ element: 'extension', xml }] };
    const before = structuredClone(document);
    encodeMsml(document, 'convedia');
    expect(document).toEqual(before);
  });
});

describe('decodeMsml', () => {
  it('reads an empty request (§7.1)', () => {
    expect(decodeMsml(msml(''))).toEqual({ ok: true, value: { kind: 'request', operations: [] } });
  });

  it.each([
    ['bytes that are no XML', Buffer.from('hello'), '400'],
    ['an element that is not closed', Buffer.from('<msml version="1.1"><join>'), '400'],
    ['a document type', Buffer.from('<!DOCTYPE msml><msml version="1.1"/>'), '400'],
    ['two roots', Buffer.from('<msml version="1.1"/><msml version="1.1"/>'), '400'],
    ['a body that is too large', Buffer.alloc(70_000, 0x20), '400'],
    ['another root', Buffer.from('<moml version="1.0"/>'), '400'],
    ['no version', Buffer.from('<msml/>'), '408'],
    ['another version', Buffer.from('<msml version="2.0"/>'), '410'],
    ['text in msml', msml('text'), '405'],
    ['an unknown attribute of msml', Buffer.from('<msml version="1.1" now="true"/>'), '406'],
    ['an unknown operation', msml('<transfer/>'), '401'],
    ['an element in the wrong place', msml('<play/>'), '404'],
    ['an unknown attribute', msml('<dialogend id="conn:1/dialog:1" now="true"/>'), '406'],
    ['a missing attribute', msml('<join id1="conn:1"/>'), '408'],
    ['a wrong value', msml('<createconference deletewhen="later"/>'), '410'],
    ['text where elements belong', msml('<join id1="conn:1" id2="conn:2">x</join>'), '405'],
    [
      'an event beside an operation',
      msml('<event name="a" id="conf:1"/><dialogend id="conn:1/dialog:1"/>'),
      '400',
    ],
    ['a result after an operation', msml('<dialogend id="conn:1/dialog:1"/><result response="200"/>'), '400'],
  ])('answers %s with the code of §11', (_what, bytes, response) => {
    expect(faultOf(bytes)?.response).toBe(response);
    expect(faultOf(bytes)?.description).toEqual(expect.any(String));
  });

  it('names no mark when it refuses: nothing was carried out (§5)', () => {
    const fault = faultOf(msml('<dialogend id="conn:1/dialog:1" mark="first"/><transfer mark="second"/>'));
    expect(fault).toEqual({ response: '401', description: 'Unknown element: transfer in msml' });
  });

  it('keeps what it does not know when it reads leniently, and writes it back', () => {
    const bytes = msml('<transfer to="sip:a@b"><x/></transfer><dialogend id="conn:1/dialog:1" now="true"/>');
    const decoded = decodeMsml(bytes, { mode: 'lenient' });
    if (!decoded.ok) throw new Error(decoded.error.description);
    expect(encodeMsml(decoded.value).toString()).toContain(
      '<transfer to="sip:a@b"><x/></transfer><dialogend id="conn:1/dialog:1" now="true"/>',
    );
  });

  it('keeps prefixed names in both modes (§4.1)', () => {
    const text =
      '<msml version="1.1" xmlns:v="urn:v"><v:reset v:a="1"/><join id1="conn:1" id2="conn:2" v:b="2"><v:c/></join></msml>';
    const decoded = decodeMsml(Buffer.from(text));
    if (!decoded.ok) throw new Error(decoded.error.description);
    expect(encodeMsml(decoded.value).toString()).toContain(text);
  });

  it('never lets a name reach a prototype', () => {
    expect(faultOf(msml('<__proto__/>'))?.response).toBe('400');
    expect(faultOf(msml('<toString/>'))?.response).toBe('401');
    expect(faultOf(msml('<join id1="conn:1" id2="conn:2" hasOwnProperty="1"/>'))?.response).toBe('406');
  });
});
