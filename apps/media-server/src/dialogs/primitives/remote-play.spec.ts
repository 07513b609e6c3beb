import { energyShareAt, sineWave, writeWav } from '@legato/media';
import type { FakePhone } from '@legato/testing';
import { AudibleServer } from '../../../spec/audible-server';

const TONE = 'https://prompts.example/tone.wav';

describe('play and dialogstart from the web (§9.7.1.1, §9.6.1)', () => {
  let server: AudibleServer;
  let phone: FakePhone;

  beforeEach(async () => {
    server = new AudibleServer();
    phone = await server.phone('a');
  });

  afterEach(() => server.close());

  const serve = (url: string, body: Buffer | Uint8Array) =>
    server.control.web.documents.set(url, { body: Buffer.from(body) });
  const lines = () => server.control.control.lines;
  const startFrom = (src: string) =>
    server.control.request(`<dialogstart target="conn:a" type="application/moml+xml" name="d" src="${src}"/>`)
      .response;

  it('plays a document that it fetches', async () => {
    serve(TONE, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(700, 5000)));
    server.control.dialog('conn:a', `<play><audio uri="${TONE}"/></play>`);
    await server.settle(() => {
      server.run(60);
      return energyShareAt(phone.heard(), 8000, 700) > 0.9;
    });
  });

  it.each([
    ['that is not there', 'https://prompts.example/none.wav', 'the server answered 404'],
    ['that is no audio', 'https://prompts.example/text.wav', 'not a RIFF/WAVE file'],
    ['whose server is not there', 'https://nowhere.example/a.wav', 'could not be reached'],
  ])('a document %s fails the dialog with 423', async (_what, url, reason) => {
    serve('https://prompts.example/text.wav', Buffer.from('hello'));
    server.control.dialog('conn:a', `<play><audio uri="${url}"/></play>`);
    await server.settle(() => lines().length > 0);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toContain('msml.dialog.exit conn:a/dialog:d dialog.exit.status=423');
    expect(lines()[0]).toContain(reason);
  });

  it('a URL that must not be fetched is refused with 410 before anything is done', () => {
    const play = '<play><audio uri="http://169.254.169.254/latest"/></play>';
    const result = server.control.request(
      `<dialogstart target="conn:a" type="application/moml+xml">${play}</dialogstart>`,
    );
    expect(result.response).toBe('410');
    expect(server.control.web.requests).toEqual([]);
  });

  it('starts a dialog from a document of the web', async () => {
    const script = '<moml version="1.0" id="s"><send target="source" event="app.here"/></moml>';
    serve('https://prompts.example/s.moml', Buffer.from(script));
    expect(startFrom('https://prompts.example/s.moml')).toBe('200');
    await server.settle(() => lines().length === 2);
    expect(lines()).toEqual(['app.here conn:a/dialog:d', 'msml.dialog.exit conn:a/dialog:d']);
  });

  it('a dialog whose document does not come fails with 423, and one that is ended before does nothing', async () => {
    expect(startFrom('https://prompts.example/none.moml')).toBe('200');
    await server.settle(() => lines().length === 1);
    expect(lines()[0]).toContain('dialog.exit.status=423');
    serve('https://prompts.example/s.moml', Buffer.from('<moml version="1.0" id="s"><relay/></moml>'));
    expect(startFrom('https://prompts.example/s.moml')).toBe('200');
    server.control.request('<dialogend id="conn:a/dialog:d"/>');
    await server.settle(() => lines().length === 2);
    expect(lines()[1]).toBe('msml.dialog.exit conn:a/dialog:d');
    expect(server.control.context.dialogs.size).toBe(0);
  });
});
