import { silentLog } from '@legato/kernel';
import type { FakeRecording } from '@legato/testing';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { pathToFileURL } from 'node:url';
import { ControlHarness } from '../../../spec/control-harness';

describe('record (§9.7.4)', () => {
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock: new FakeClock(), log: silentLog });
    await server.connect('a');
    server.request('<createconference name="c"/>');
  });

  afterEach(() => server.close());

  const REPORT = '<recordexit><exit namelist="record.len record.end record.recordid"/></recordexit>';
  const record = (attributes = '', inner = REPORT) =>
    `<record dest="file://r.wav" format="audio/wav;codecs=L16" maxtime="60s" ${attributes}>${inner}</record>`;
  const event = (name: string) => server.request(`<send event="${name}" target="conn:a/dialog:d/record"/>`);
  const last = () => server.control.lines.at(-1);
  const recording = (): FakeRecording => {
    const found = media.recordings[0];
    if (!found) throw new Error('nothing is recorded');
    return found;
  };
  const recordId = () => pathToFileURL(server.recordingPath('r.wav')).href;

  it('records to the file that it names, with its limits', () => {
    server.dialog(
      'conn:a',
      record('prespeech="3s" postspeech="1500ms" append="true" beep="true"').replace('beep="true"', ''),
    );
    expect(recording().target).toBe('conn:a');
    expect(recording().options).toMatchObject({
      path: server.recordingPath('r.wav'),
      channels: 1,
      maxtimeMs: 60_000,
      prespeechMs: 3000,
      postspeechMs: 1500,
      append: true,
    });
  });

  it("records two channels with Legato's own attribute", () => {
    server.dialog('conn:a', record('legato:channels="2" xmlns:legato="urn:legato:msml:1"'));
    expect(recording().options.channels).toBe(2);
  });

  it('refuses two channels of a conference with 410', () => {
    const start = `<dialogstart target="conf:c" type="application/moml+xml">${record('legato:channels="2" xmlns:legato="urn:legato:msml:1"')}</dialogstart>`;
    expect(server.request(start).response).toBe('410');
  });

  it('point 29: ends at maxtime as record.complete.maxlength (§9.7.4)', async () => {
    server.dialog('conn:a', record());
    await recording().end('maxlength');
    expect(last()).toBe(
      `msml.dialog.exit conn:a/dialog:d record.len=2000 record.end=record.complete.maxlength record.recordid=${recordId()}`,
    );
  });

  it.each([
    ['prespeech', 'record.failed.prespeech'],
    ['postspeech', 'record.complete.postspeech'],
  ] as const)('point 29: ends by %s as %s', async (reason, recordEnd) => {
    server.dialog('conn:a', record());
    await recording().end(reason);
    expect(last()).toContain(` record.end=${recordEnd} `);
  });

  it('point 29: leaves out what happens while it is suspended', () => {
    server.dialog('conn:a', record());
    for (const name of ['pause', 'resume', 'toggle-state', 'toggle-state']) event(name);
    expect(recording().log).toEqual(['pause skip', 'resume', 'pause skip', 'resume']);
  });

  it('point 20: pauses with silence of the same length by pause.silence, and notes it (§9.3)', () => {
    server.dialog('conn:a', record());
    for (const name of ['pause.card', 'resume', 'pause.silence.card', 'resume']) event(name);
    expect(recording().log).toEqual(['pause skip', 'resume', 'pause silence pause.silence.card', 'resume']);
  });

  it('has a manifest beside it that names whom it is of', () => {
    server.dialog('conn:a', record());
    expect(recording().options.manifest).toEqual({ target: 'conn:a' });
  });

  it('point 25: its termkey ends it as record.complete.termkey and does not enter the digit buffer (§9.7.4)', async () => {
    server.dialog(
      'conn:a',
      `${record('termkey="#"', '')}<collect cleardb="false"><pattern digits="xx"><exit namelist="record.end dtmf.digits"/></pattern></collect>`,
    );
    const connection = media.connections.get('conn:a');
    connection?.press('1');
    connection?.press('#');
    await settled();
    connection?.press('2');
    await settled();
    expect(last()).toBe('msml.dialog.exit conn:a/dialog:d record.end=record.complete.termkey dtmf.digits=12');
  });

  it('point 30: terminate.cancelled deletes the recording', async () => {
    server.dialog('conn:a', record());
    event('terminate.cancelled');
    await settled();
    expect(recording().log).toEqual(['cancel']);
    expect(last()).toContain(' record.end=terminate.cancelled ');
  });

  it('point 30: terminate.finalsilence takes the silence off the end', async () => {
    server.dialog('conn:a', record());
    event('terminate.finalsilence.now');
    await settled();
    expect(recording().log).toEqual(['stop finalsilence']);
    expect(last()).toContain(' record.len=2000 record.end=terminate.finalsilence.now ');
  });

  it.each([
    ['8', 8000],
    ['16000', 16_000],
    ['48', 48_000],
  ])('point 38: takes a rate of %s in kHz or in Hz', (rate, hertz) => {
    server.dialog('conn:a', record(`audiosamplerate="${rate}"`));
    expect(recording().options.sampleRate).toBe(hertz);
  });

  it('point 30: without dest the server names the recording', async () => {
    server.dialog('conn:a', record().replace('dest="file://r.wav"', ''));
    await recording().end('maxlength');
    expect(recording().path.startsWith(server.recordingPath(''))).toBe(true);
    expect(last()).toContain(`record.recordid=${pathToFileURL(recording().path).href}`);
  });

  describe('point 31: a prompt before it (§9.7.4.1)', () => {
    const PROMPT = '<play barge="true" cleardb="true"><audio uri="file://welcome.wav"/></play>';

    it('is heard first', async () => {
      server.dialog('conn:a', record('', PROMPT + REPORT));
      expect(media.recordings).toHaveLength(0);
      await media.playbacks[0]?.end();
      expect(media.recordings).toHaveLength(1);
    });

    it('gives way to the recording when it is barged', async () => {
      server.dialog('conn:a', record('', PROMPT + REPORT));
      media.connections.get('conn:a')?.press('1');
      await settled();
      expect(media.playbacks[0]?.log).toEqual(['stop']);
      expect(media.recordings).toHaveLength(1);
    });

    it('ends with the dialog, and nothing is recorded', async () => {
      server.dialog('conn:a', record('', PROMPT + REPORT));
      server.request('<dialogend id="conn:a/dialog:d"/>');
      await settled();
      expect(media.recordings).toHaveLength(0);
      expect(last()).toBe(
        'msml.dialog.exit conn:a/dialog:d record.len=0 record.end=terminate record.recordid=undefined',
      );
    });
  });

  describe('nospeech', () => {
    it('ends it while nothing was recorded', async () => {
      server.dialog('conn:a', `<group topology="parallel">${record('initial="suspend"')}</group>`);
      event('nospeech');
      await settled();
      expect(last()).toContain(' record.end=nospeech ');
    });

    it('has no effect later', async () => {
      server.dialog('conn:a', `<group topology="parallel">${record('initial="suspend"')}</group>`);
      event('resume');
      event('nospeech');
      await settled();
      expect(recording().log).toEqual(['pause skip', 'resume']);
    });
  });

  it('tells of a disk that fails', async () => {
    server.dialog('conn:a', record());
    await recording().end('failed', 'no space left');
    expect(last()).toBe(
      'msml.dialog.exit conn:a/dialog:d dialog.exit.status=500 dialog.exit.description=Internal media server error: no space left',
    );
  });

  it('fails with 410 when another one records to the file', async () => {
    server.dialog('conn:a', record());
    server.dialog('conf:c', record());
    expect(last()).toContain('msml.dialog.exit conf:c/dialog:d dialog.exit.status=410');
    await recording().end('maxlength');
    server.dialog('conf:c', record());
    expect(media.recordings).toHaveLength(2);
  });

  it.each([['../r.wav'], ['/etc/cron.d/r.wav'], ['tenant/../../r.wav'], ['%2e%2e/r.wav'], ['..%2fr.wav']])(
    'refuses the destination file://%s with 410, and nothing ran',
    (name) => {
      const start = `<dialogstart target="conn:a" type="application/moml+xml">${record().replace('r.wav', name)}</dialogstart>`;
      expect(server.request(start).response).toBe('410');
      expect(media.recordings).toHaveLength(0);
    },
  );

  it.each([
    ['format="audio/mp3"', '410'],
    ['format="video/mp4"', '410'],
    ['format="audio/wav;codecs=opus"', '410'],
    ['format="audio/wav" audiosamplerate="44"', '410'],
  ])('refuses %s with %s', (format, response) => {
    const start = `<dialogstart target="conn:a" type="application/moml+xml">${record().replace('format="audio/wav;codecs=L16"', format)}</dialogstart>`;
    expect(server.request(start).response).toBe(response);
  });

  it('wants maxtime with 408, but from clients that write plain XML', () => {
    const start = `<dialogstart target="conn:a" type="application/moml+xml" name="d">${record().replace('maxtime="60s"', '')}</dialogstart>`;
    expect(server.request(start).response).toBe('408');
    expect(server.request(start, server.control, 'lenient').response).toBe('200');
    expect(recording().options.maxtimeMs).toBe(4 * 3_600_000);
  });
});
