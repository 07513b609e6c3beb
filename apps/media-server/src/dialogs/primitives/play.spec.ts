import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness } from '../../../spec/control-harness';

describe('play (§9.7.1)', () => {
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock: new FakeClock(), log: silentLog });
    await server.connect('a');
    await server.connect('b');
  });

  afterEach(() => server.close());

  const AUDIO = '<audio uri="file://welcome.wav"/>';
  const REPORT = '<playexit><exit namelist="play.end play.amt"/></playexit>';
  const event = (name: string) => server.request(`<send event="${name}" target="conn:a/dialog:d/play"/>`);
  const last = () => server.control.lines.at(-1);

  it('plays its clips in order, each as often as it says', () => {
    server.dialog('conn:a', `<play>${AUDIO}<audio uri="file://beep.wav" iterate="2"/></play>`);
    expect(media.playbacks[0]?.target).toBe('conn:a');
    expect(media.playbacks[0]?.files).toEqual([
      server.promptPath('welcome.wav'),
      server.promptPath('beep.wav'),
      server.promptPath('beep.wav'),
    ]);
  });

  it('hands on how often, with what pause, from where and how long', () => {
    server.dialog('conn:a', `<play iterate="3" interval="500ms" offset="1.5s" maxtime="10s">${AUDIO}</play>`);
    expect(media.playbacks[0]?.options).toEqual({
      iterate: 3,
      intervalMs: 500,
      offsetMs: 1500,
      maxtimeMs: 10_000,
    });
  });

  it.each(['iterate="forever"', 'iterate="-1"'])('plays without end with %s', (attribute) => {
    server.dialog('conn:a', `<play ${attribute}>${AUDIO}</play>`);
    expect(media.playbacks[0]?.options.iterate).toBe(-1);
  });

  it('plays a clip without end for ever, and nothing after it', () => {
    server.dialog('conn:a', `<play><audio uri="file://beep.wav" iterate="forever"/>${AUDIO}</play>`);
    expect(media.playbacks[0]).toMatchObject({
      files: [server.promptPath('beep.wav')],
      options: { iterate: -1, repeatFrom: 0 },
    });
  });

  it('plays what is before a clip without end once', () => {
    server.dialog('conn:a', `<play>${AUDIO}<audio uri="file://beep.wav" iterate="forever"/></play>`);
    expect(media.playbacks[0]).toMatchObject({
      files: [server.promptPath('welcome.wav'), server.promptPath('beep.wav')],
      options: { iterate: -1, repeatFrom: 1 },
    });
  });

  it('says a var between its clips, in order (§9.7.1.4)', () => {
    const variable = '<var type="number" value="21"/>';
    server.dialog('conn:a', `<play>${AUDIO}${variable}<media><audio uri="file://beep.wav"/></media></play>`);
    expect(media.playbacks[0]?.files).toEqual([
      server.promptPath('welcome.wav'),
      server.voicePath('en/number-20.wav'),
      server.voicePath('en/number-1.wav'),
      server.promptPath('beep.wav'),
    ]);
  });

  it('says a var as often as it says, in the language of the play', () => {
    server.dialog('conn:a', '<play xml:lang="zh-CN"><var type="number" value="2" iterate="2"/></play>');
    const two = server.voicePath('zh/number-2.wav');
    expect(media.playbacks[0]?.files).toEqual([two, two]);
  });

  it('is silent for as long as a var of silence says', () => {
    server.dialog('conn:a', '<play><var type="silence" value="250ms"/></play>');
    expect(media.playbacks[0]?.files).toMatchObject([{ sampleRate: 8000, samples: { length: 2000 } }]);
  });

  it.each([
    ['complete', 'play.complete'],
    ['maxtime', 'play.complete.maxtime'],
  ] as const)('ends as %s with play.end=%s and its length in milliseconds', async (reason, playEnd) => {
    server.dialog('conn:a', `<play>${AUDIO}${REPORT}</play>`);
    await media.playbacks[0]?.end(reason);
    expect(last()).toBe(`msml.dialog.exit conn:a/dialog:d play.end=${playEnd} play.amt=1000`);
  });

  it('ends by terminate with the whole name of the event', async () => {
    server.dialog('conn:a', `<play>${AUDIO}${REPORT}</play>`);
    event('terminate.bored');
    await settled();
    expect(last()).toBe('msml.dialog.exit conn:a/dialog:d play.end=terminate.bored play.amt=1000');
  });

  it('pauses, resumes, and toggles between the two', () => {
    server.dialog('conn:a', `<play>${AUDIO}</play>`);
    for (const name of ['pause', 'resume', 'toggle-state', 'toggle-state']) event(name);
    expect(media.playbacks[0]?.log).toEqual(['pause', 'resume', 'pause', 'resume']);
  });

  it('begins suspended when it says so', () => {
    server.dialog('conn:a', `<play initial="suspend">${AUDIO}</play>`);
    expect(media.playbacks[0]?.log).toEqual(['pause']);
  });

  it.each([
    ['forward', 'skip 2500'],
    ['backward', 'skip -2500'],
    ['restart', 'seek 0'],
  ])('moves by %s within the playback, which goes on', async (name, move) => {
    server.dialog('conn:a', `<play skip="2500ms">${AUDIO}${REPORT}</play>`);
    event(name);
    await settled();
    expect(media.playbacks[0]?.log).toEqual([move]);
    expect(media.playbacks).toHaveLength(1);
    await media.playbacks[0]?.end();
    expect(last()).toBe('msml.dialog.exit conn:a/dialog:d play.end=play.complete play.amt=1000');
  });

  it('moves by three seconds where skip does not say how far', () => {
    server.dialog('conn:a', `<play>${AUDIO}</play>`);
    event('forward');
    expect(media.playbacks[0]?.log).toEqual(['skip 3000']);
  });

  it('point 20: takes the longest part of the name of an event that it knows (§9.3)', () => {
    server.dialog('conn:a', `<play>${AUDIO}</play>`);
    event('forward.key.6');
    event('pause.by.agent');
    event('forwards');
    expect(media.playbacks[0]?.log).toEqual(['skip 3000', 'pause']);
  });

  describe('barge', () => {
    it('stops it by a digit', async () => {
      server.dialog('conn:a', `<play barge="true">${AUDIO}${REPORT}</play>`);
      media.connections.get('conn:a')?.press('5');
      await settled();
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d play.end=terminate play.amt=1000');
    });

    it('does not without it', async () => {
      server.dialog('conn:a', `<play barge="false">${AUDIO}</play>`);
      media.connections.get('conn:a')?.press('5');
      await settled();
      expect(media.playbacks[0]?.log).toEqual([]);
    });

    it('point 26: on a conference, a digit of any participant does (§9.7.1)', async () => {
      server.request(
        '<createconference name="c"/><join id1="conn:a" id2="conf:c"/><join id1="conn:b" id2="conf:c"/>',
      );
      server.dialog('conf:c', `<play barge="true">${AUDIO}</play>`);
      media.connections.get('conn:b')?.press('1');
      await settled();
      expect(media.playbacks[0]?.log).toEqual(['stop']);
      expect(last()).toBe('msml.dialog.exit conf:c/dialog:d');
    });

    it('point 25: leaves the digit in the buffer for the collection that follows (§9.7.1)', async () => {
      server.dialog(
        'conn:a',
        `<play barge="true" cleardb="true">${AUDIO}</play><collect cleardb="false"><pattern digits="12"><exit namelist="dtmf.digits"/></pattern></collect>`,
      );
      media.connections.get('conn:a')?.press('1');
      await settled();
      media.connections.get('conn:a')?.press('2');
      await settled();
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d dtmf.digits=12');
    });

    it('forgets with cleardb what was keyed before', async () => {
      media.connections.get('conn:a')?.press('9');
      server.dialog(
        'conn:a',
        `<play barge="true" cleardb="true">${AUDIO}</play><collect cleardb="false"><pattern digits="x"><exit namelist="dtmf.digits"/></pattern></collect>`,
      );
      media.connections.get('conn:a')?.press('1');
      await settled();
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d dtmf.digits=1');
    });
  });

  it.each([
    ['text to speech', '<tts uri="http://a/b.ssml"/>', '402'],
    ['a day that no calendar has', '<var type="date" subtype="mdy" value="20030631"/>', '410'],
    ['a voice that is not there', '<var type="digits" value="1" xml:lang="tlh"/>', '410'],
    ['film beside a clip', '<media><audio uri="file://beep.wav"/><video uri="file://a.avi"/></media>', '402'],
    ['more words than it should', `<var type="digits" value="${'1'.repeat(128)}" iterate="8"/>`, '521'],
    ['video', '<video uri="file://a.avi"/>', '402'],
    ['clips by a scheme that is not served', '<audio uri="nfs://a/b.wav"/>', '410'],
    ['clips outside of the folders', '<audio uri="file:///etc/passwd"/>', '410'],
    ['more clips than it should', '<audio uri="file://welcome.wav" iterate="101"/>', '521'],
  ])('refuses %s with %s', (_what, content, response) => {
    const result = server.request(
      `<dialogstart target="conn:a" type="application/moml+xml">${`<play>${content}</play>`}</dialogstart>`,
    );
    expect(result.response).toBe(response);
    expect(media.playbacks).toHaveLength(0);
  });
});
