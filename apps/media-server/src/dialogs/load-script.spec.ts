import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine } from '@legato/testing';
import { symlinkSync, writeFileSync } from 'node:fs';
import { ControlHarness } from '../../spec/control-harness';

describe('a dialog that is started by reference (§9.6.1)', () => {
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock: new FakeClock(), log: silentLog });
    await server.connect('a');
  });

  afterEach(() => server.close());

  const write = (text: string) => writeFileSync(server.promptPath('welcome.moml'), text);
  const start = (src = 'file://welcome.moml') =>
    server.request(`<dialogstart target="conn:a" type="application/moml+xml" name="d" src="${src}"/>`)
      .response;
  const MOML = '<moml version="1.0" id="x"><play><audio uri="file://welcome.wav"/></play></moml>';

  it('runs the document, with or without XML declaration', () => {
    write(`<?xml version="1.0" encoding="UTF-8"?>\n${MOML}\n`);
    expect(start()).toBe('200');
    expect(media.playbacks).toHaveLength(1);
    expect(
      server.request('<audit queryid="conn:a" statelist="audit.conn.dialog"/>').auditResults?.[0]?.dialog,
    ).toEqual([{ name: 'd', type: 'application/moml+xml', src: 'file://welcome.moml' }]);
  });

  it.each([
    ['is not there', undefined, '423'],
    ['is not well-formed', '<moml', '400'],
    [
      'tries to be more than a dialog',
      `${MOML}</dialogstart><createconference name="c"/><dialogstart target="conn:a">${MOML}`,
      '400',
    ],
    ['is no moml', '<play><audio uri="file://welcome.wav"/></play>', '400'],
    ['asks for what is not served', MOML.replace('<play>', '<faxdetect/><play>'), '402'],
    ['plays what it must not', MOML.replace('welcome', '../secret'), '410'],
  ])('tells by event of a document that %s', (_what, text, status) => {
    if (text !== undefined) write(text);
    expect(start()).toBe('200');
    expect(server.control.lines).toHaveLength(1);
    expect(server.control.lines[0]).toContain(
      `msml.dialog.exit conn:a/dialog:d dialog.exit.status=${status}`,
    );
    expect(media.playbacks).toHaveLength(0);
    expect(server.context.conferences.size).toBe(0);
  });

  it.each(['http://127.0.0.1/a.moml', 'file:///etc/passwd', 'file://../a.moml', 'file://link.moml'])(
    'fetches nothing from %s',
    (src) => {
      symlinkSync('/etc/passwd', server.promptPath('link.moml'));
      expect(start(src)).toBe('200');
      expect(server.control.lines[0]).toContain('dialog.exit.status=423');
    },
  );

  it('refuses src beside content with 422 and VoiceXML with 420', () => {
    expect(
      server.request(
        '<dialogstart target="conn:a" type="application/moml+xml" src="file://welcome.moml"><collect/></dialogstart>',
      ).response,
    ).toBe('422');
    expect(
      server.request('<dialogstart target="conn:a" type="application/vxml+xml" src="file://a.vxml"/>')
        .response,
    ).toBe('420');
  });
});
