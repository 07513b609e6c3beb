import { writeXml } from '../xml/xml-writer';
import { decodeMoml } from './moml-document';
import type { MomlScript } from './moml';
import { moml } from './moml';

describe('decodeMoml (§9.7.6)', () => {
  const script: MomlScript = {
    element: 'moml',
    version: '1.0',
    id: 'greeting',
    content: [
      { element: 'play', audio: [{ uri: 'file://a.wav' }], barge: true },
      { element: 'send', event: 'done', target: 'source', namelist: 'play.end' },
    ],
  };

  it('reads what is written', () => {
    expect(decodeMoml(writeXml(moml.encode(script)))).toEqual({ ok: true, value: script });
  });

  it.each([
    ['no XML', 'play', '424'],
    ['another language', '<vxml/>', '424'],
    ['an empty script', '<moml version="1.0" id="a"/>', '403'],
    ['no id', '<moml version="1.0"><exit/></moml>', '408'],
    ['an unknown step', '<moml version="1.0" id="a"><dance/></moml>', '401'],
  ])('refuses %s', (_what, text, response) => {
    const decoded = decodeMoml(Buffer.from(text));
    expect(decoded.ok ? 'ok' : decoded.error.response).toBe(response);
  });

  it('reads the names of the dialects', () => {
    const text = '<moml version="1.0" id="a"><play cvd:barge="true"><audio uri="a"/></play></moml>';
    expect(decodeMoml(Buffer.from(text))).toMatchObject({ value: { content: [{ barge: true }] } });
  });
});
