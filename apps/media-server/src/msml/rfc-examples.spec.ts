import { silentLog } from '@legato/kernel';
import type { MsmlResult } from '@legato/msml';
import { decodeMsml } from '@legato/msml';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ControlHarness } from '../../spec/control-harness';

const FOLDER = join(__dirname, '../../../../test/fixtures/msml/examples/corrected');
const FILES = readdirSync(FOLDER);
const exampleOf = (number: number): string => {
  const name = FILES.find((file) => file.startsWith(`${String(number).padStart(2, '0')}-`)) ?? '';
  return readFileSync(join(FOLDER, name), 'utf8');
};

/** What media servers say to clients: results and events, and a fragment of an event. */
const NO_REQUESTS = [5, 15, 21, 23, 24, 26, 28, 29, 31, 33, 46, 48, 50, 52, 54, 56, 58];

describe('the examples of RFC 5707, executed', () => {
  let clock: FakeClock;
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(() => {
    clock = new FakeClock();
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock, log: silentLog });
  });

  afterEach(() => server.close());

  const run = (number: number, change: (text: string) => string = (text) => text): MsmlResult =>
    server.document(change(exampleOf(number)), server.control, 'lenient');
  const ok = (operations: string) => expect(server.request(operations).response).toBe('200');
  const conference = (name: string, attributes = '') =>
    ok(`<createconference name="${name}" ${attributes}/>`);
  const events = async () => {
    await settled();
    return server.control.lines;
  };
  const press = (digits: string) => media.connections.get('conn:12345')?.press(digits);
  const wav = (text: string) => text.replace('format="g729"', 'format="audio/wav"');
  const withoutSpeech = (text: string) => text.replace(/<tts [^>]*\/>/, '');

  it('every request among them is executed here', () => {
    const text = readFileSync(__filename, 'utf8');
    const called = [...text.matchAll(/run\((\d+)/g)].map(([, number]) => Number(number));
    const listed = [...text.matchAll(/it\.each\(\[([\d, ]+)\]\)/g)].flatMap(([, list = '']) =>
      list.split(',').map(Number),
    );
    const executed = new Set([...called, ...listed, ...NO_REQUESTS]);
    expect(FILES.map((file) => Number(file.slice(0, 2))).filter((number) => !executed.has(number))).toEqual(
      [],
    );
  });

  it.each(NO_REQUESTS)('what a server says is no request: it is refused with 400 (%d)', (number) => {
    expect(run(number).response).toBe('400');
  });

  describe('conferences (§8)', () => {
    it('example 1: a conference with its mixer; speakers are told, and that everybody left', async () => {
      expect(run(1)).toMatchObject({ response: '200', confIds: [] });
      expect(media.mixes.get('conf:example')).toMatchObject({
        nLoudest: 3,
        activeSpeakers: { intervalMs: 10_000 },
      });
      const caller = await server.connect('a');
      ok('<join id1="conn:a" id2="conf:example"/>');
      media.speak('conf:example', ['conn:a']);
      await server.hangUp(caller);
      expect(await events()).toEqual([
        'msml.conf.asn conf:example speaker=conn:a',
        'msml.conf.nomedia conf:example',
      ]);
    });

    it('example 2: a reservation, and a name that the server gives', () => {
      const result = run(2);
      expect(result.response).toBe('200');
      expect(result.confIds).toEqual([expect.stringMatching(/^conf:.+/)]);
    });

    it('example 3: another interval for active speakers, and the rest stays', () => {
      run(1);
      expect(run(3).response).toBe('200');
      expect(media.mixes.get('conf:example')).toMatchObject({
        nLoudest: 3,
        activeSpeakers: { intervalMs: 4000 },
      });
    });

    it('example 4: a mixer', () => {
      expect(run(4).response).toBe('200');
      expect(media.mixes.get('conf:wrapped')).toMatchObject({ nLoudest: 3 });
    });

    it('examples of video layouts are refused, and nothing is made of them', () => {
      conference('example');
      const refused = [run(6), run(7), run(8), run(34), run(35), run(36)];
      expect(refused.map(({ response }) => response)).toEqual(Array(6).fill('402'));
      expect([...media.conferences]).toEqual(['conf:example']);
    });

    it('example 9: a supervisor who hears the customer and is heard by the agent alone', async () => {
      for (const tag of ['supervisor', 'agent', 'customer']) await server.connect(tag);
      expect(run(9).response).toBe('200');
      expect([...media.streams].sort()).toEqual([
        'conn:agent>conn:customer',
        'conn:agent>conn:supervisor',
        'conn:customer>conn:agent',
        'conn:customer>conn:supervisor',
        'conn:supervisor>conn:agent',
      ]);
    });

    it('example 10: a participant with video is refused whole', async () => {
      conference('example');
      await server.connect('hd83t5hf7g3');
      expect(run(10).response).toBe('441');
      expect(media.streams.size).toBe(0);
    });

    it('example 11: one leaves, and a tone tells the others', async () => {
      conference('1', 'deletewhen="never"');
      await server.connect('jd73ht89sf489f');
      ok('<join id1="conn:jd73ht89sf489f" id2="conf:1"/>');
      const result = run(11);
      expect(result.response).toBe('200');
      expect(media.streams.size).toBe(0);
      await media.playbacks[0]?.end();
      expect(await events()).toEqual([`msml.dialog.exit ${result.dialogIds[0]}`]);
    });

    it('example 20: a conference that goes with its controller', () => {
      expect(run(20).response).toBe('200');
      expect(server.context.conferences.get('conf:exampleConf')?.options.deletewhen).toBe('nocontrol');
    });

    it('example 25: a participant whose level is held', async () => {
      conference('exampleConf');
      await server.connect('jd87dfg4h');
      expect(run(25).response).toBe('200');
      expect(media.shapes.get('conn:jd87dfg4h>conf:exampleConf')).toEqual({
        agc: { targetDbm0: -20, maxGainDb: 10 },
      });
      expect(media.shapes.get('conf:exampleConf>conn:jd87dfg4h')).toEqual({});
    });

    it('examples 30 and 32: a sidebar that is left again is gone, though it hears the conference', async () => {
      conference('exampleConf', 'deletewhen="nocontrol"');
      const tags = ['gs5s4-1', 'hd764gr9-2', 'h37frdvgs65-3'];
      for (const tag of tags) {
        await server.connect(tag);
        ok(`<join id1="conn:${tag}" id2="conf:exampleConf"/>`);
      }
      expect(run(30).response).toBe('200');
      expect(media.shapes.get('conf:exampleConf>conf:sidebarConf')).toEqual({ gain: -20 });
      expect(await events()).toEqual([]);
      expect(run(32).response).toBe('200');
      expect(await events()).toEqual(['msml.conf.nomedia conf:sidebarConf']);
      expect([...media.conferences]).toEqual(['conf:exampleConf']);
    });
  });

  it('examples 20 to 29: the call of §12.1, MOML in the place of VoiceXML, gets the results and events that are stated', async () => {
    const stated = (number: number) => {
      const decoded = decodeMsml(Buffer.from(exampleOf(number)), { mode: 'lenient' });
      if (!decoded.ok) throw new Error(decoded.error.description);
      return decoded.value;
    };
    const asMoml = (text: string) =>
      text
        .replace('application/vxml+xml', 'application/moml+xml')
        .replace(/ src="[^"]*"\/>/, '><play><audio uri="file://welcome.wav"/></play></dialogstart>');
    const flow = async (request: number, result: number) => {
      const answer = run(request, asMoml);
      expect(stated(result)).toMatchObject({ kind: 'result', result: { response: answer.response } });
      await media.playbacks.at(-1)?.end();
      return answer;
    };
    await server.connect('jd87dfg4h');
    await flow(20, 21);
    await flow(22, 23);
    await flow(25, 26);
    const { dialogIds } = await flow(27, 28);
    expect(stated(24)).toMatchObject({
      event: { name: 'msml.dialog.exit', id: 'conn:jd87dfg4h/dialog:12345' },
    });
    // The name is the server's own, as it was in the result.
    expect(stated(29)).toMatchObject({ event: { name: 'msml.dialog.exit' } });
    expect(await events()).toEqual([
      'msml.dialog.exit conn:jd87dfg4h/dialog:12345',
      `msml.dialog.exit ${dialogIds?.[0]}`,
    ]);
  });

  describe('dialogs (§9)', () => {
    beforeEach(async () => {
      for (const tag of ['abcd1234', '12345', 'jd87dfg4h']) await server.connect(tag);
    });

    it('example 12: a script that is fetched, and what becomes of one that is not there', async () => {
      const url = 'http://server.example.com/scripts/foo.moml';
      expect(run(12).response).toBe('200');
      await settled();
      await settled();
      expect((await events())[0]).toContain(
        'msml.dialog.exit conn:abcd1234/dialog:sample dialog.exit.status=423',
      );
      const script = '<moml version="1.0" id="foo"><play><audio uri="file://welcome.wav"/></play></moml>';
      server.web.documents.set(url, { body: Buffer.from(script) });
      expect(run(12).response).toBe('200');
      await settled();
      await settled();
      await media.playbacks[0]?.end();
      expect((await events())[1]).toBe('msml.dialog.exit conn:abcd1234/dialog:sample');
    });

    it.each([13, 37])('example %d: an announcement, of which only speech is not served', async (number) => {
      expect(run(number).response).toBe('402');
      expect(run(number, withoutSpeech).response).toBe('200');
      expect(media.playbacks[0]?.files).toHaveLength(7);
      await media.playbacks[0]?.end();
      const [done, exit] = await events();
      expect(done).toMatch(/^done conn:\w+\/dialog:\w+ play\.amt=1000 play\.end=play\.complete$/);
      expect(exit).toMatch(/^msml\.dialog\.exit /);
    });

    it('examples of VoiceXML are answered 420', () => {
      conference('exampleConf');
      expect([run(14), run(22), run(27)].map(({ response }) => response)).toEqual(['420', '420', '420']);
    });

    it('example 16: ends a dialog, which exits; one that is not there is 430', async () => {
      expect(run(16).response).toBe('430');
      ok(
        '<dialogstart target="conn:abcd1234" type="application/moml+xml" name="sample"><relay/></dialogstart>',
      );
      expect(run(16).response).toBe('200');
      expect(await events()).toEqual(['msml.dialog.exit conn:abcd1234/dialog:sample']);
    });

    it('example 17: digits end a recording that does not hear them', async () => {
      const result = run(17);
      expect(result.response).toBe('200');
      expect(media.recordings[0]?.options.transformer?.heedsTones).toBe(true);
      ok(`<dialogend id="${result.dialogIds[0]}"/>`);
      expect(await events()).toEqual([`msml.dialog.exit ${result.dialogIds[0]}`]);
    });

    it('example 18: a full-duplex group in both directions', async () => {
      const result = run(18);
      expect(result.response).toBe('200');
      expect([...media.transforms].map(({ place }) => place)).toEqual(['said', 'heard']);
      ok(`<dialogend id="${result.dialogIds[0]}"/>`);
      expect(media.transforms.size).toBe(0);
      expect(await events()).toHaveLength(1);
    });

    it('example 19: an event of a fax, whose variables nobody has set', async () => {
      expect(run(19).response).toBe('200');
      expect((await events())[0]).toContain('fax.negotiate');
      expect((await events())[0]).toContain('fax.rate=undefined');
    });

    it('example 38: voice mail that is moved through by keys', async () => {
      expect(run(38).response).toBe('200');
      press('56789');
      await settled();
      expect(media.playbacks[0]?.log).toEqual(['pause', 'skip 3000', 'skip -3000', 'seek 0']);
      press('#');
      expect(await events()).toEqual(['msml.dialog.exit conn:12345/dialog:12345']);
    });

    it('example 39: a message is recorded from the first voice to the last silence', async () => {
      expect(run(39, wav).response).toBe('200');
      await media.playbacks[0]?.end();
      media.voice('conn:12345', false, 1000);
      media.voice('conn:12345', true, 2000);
      expect(media.recordings[0]?.log).toEqual(['pause skip', 'resume']);
      media.voice('conn:12345', false, 5000);
      expect(media.recordings[0]?.log.at(-1)).toBe('stop finalsilence');
      expect(await events()).toEqual([
        'done conn:12345/dialog:12345 record.len=2000 record.end=terminate.finalsilence',
        'msml.dialog.exit conn:12345/dialog:12345',
      ]);
    });

    it('example 39: nobody says anything, or presses the key', async () => {
      run(39, wav);
      await media.playbacks[0]?.end();
      media.voice('conn:12345', false, 3000);
      expect((await events())[0]).toContain('record.end=nospeech');
      run(39, wav);
      press('#');
      expect((await events()).at(-2)).toContain('record.end=terminate.termkey');
    });

    it('example 39 and 40: a format that is not served is refused', () => {
      expect([run(39), run(40)].map(({ response }) => response)).toEqual(['410', '410']);
    });

    it.each([
      ['maxlength', 'record.complete.maxlength'],
      ['postspeech', 'record.complete.postspeech'],
      ['prespeech', 'record.failed.prespeech'],
    ] as const)('example 40: a recording behind a prompt ends by %s', async (reason, end) => {
      expect(run(40, wav).response).toBe('200');
      press('1');
      await settled();
      expect(media.recordings[0]?.options).toMatchObject({
        prespeechMs: 3000,
        postspeechMs: 5000,
        maxtimeMs: 60_000,
      });
      await media.recordings[0]?.end(reason);
      expect(await events()).toEqual([
        `done conn:12345/dialog:12345 record.len=2000 record.end=${end}`,
        'msml.dialog.exit conn:12345/dialog:12345',
      ]);
    });

    it('example 41: speech is not recognized here', () => {
      expect(run(41).response).toBe('402');
    });

    it.each([42, 43])('example %d: digits behind a prompt', async (number) => {
      expect(run(number).response).toBe('200');
      press('1234#');
      expect(await events()).toEqual([
        'done conn:12345/dialog:12345 dtmf.digits=1234# dtmf.end=' +
          (number === 42 ? 'dtmf.match' : 'undefined'),
        'msml.dialog.exit conn:12345/dialog:12345',
      ]);
    });

    it.each([42, 43])('example %d: nobody presses anything', async (number) => {
      run(number);
      await media.playbacks[0]?.end();
      clock.advance(10_000);
      const [done, exit] = await events();
      expect(done).toContain('done conn:12345/dialog:12345');
      if (number === 42) expect(done).toContain('dtmf.end=dtmf.noinput');
      expect(exit).toBe('msml.dialog.exit conn:12345/dialog:12345');
    });

    it.each([42, 43])('example %d: what is pressed is no match', async (number) => {
      run(number);
      press('12#');
      const [done, exit] = await events();
      expect(done).toContain('done conn:12345/dialog:12345');
      if (number === 42) expect(done).toContain('dtmf.end=dtmf.nomatch');
      expect(exit).toBe('msml.dialog.exit conn:12345/dialog:12345');
    });

    it('example 44: the caller makes what he hears louder and softer', () => {
      expect(run(44).response).toBe('200');
      const heard = [...media.transforms].find(({ place }) => place === 'heard')?.transformer;
      const levelOf = () => heard?.process(Int16Array.of(1000, 1000, 1000, 1000), false)?.at(-1);
      press('1');
      expect(levelOf()).toBe(1778);
      press('22');
      expect(levelOf()).toBe(562);
    });
  });

  describe('audits (§10)', () => {
    beforeEach(async () => {
      await server.connect('1234');
      conference('1', 'deletewhen="nocontrol"');
      ok(
        '<join id1="conn:1234" id2="conf:1"><stream media="audio" dir="from-id1"><gain amt="-10"/><clamp dtmf="true"/></stream><stream media="audio" dir="to-id1"><gain amt="10"/></stream></join>',
      );
      const record = '<record format="audio/wav" maxtime="2s"/>';
      for (const target of ['conf:1', 'conn:1234'])
        ok(
          `<dialogstart target="${target}" type="application/moml+xml" name="sample">${record}</dialogstart>`,
        );
      clock.advance(60_000);
    });

    it('example 45: the configuration of all conferences', () => {
      const [result, ...others] = run(45).auditResults ?? [];
      expect(others).toEqual([]);
      expect(result).toMatchObject({
        targetid: 'conf:1',
        confconfig: { deletewhen: 'nocontrol', term: true, controller: 'conn:control' },
      });
    });

    const DIALOG = { name: 'sample', type: 'application/moml+xml' };

    it('example 47: the dialogs of a conference', () => {
      const dialog = { ...DIALOG, duration: '60', primitive: 'record', controller: 'conn:control' };
      expect(run(47).auditResults).toEqual([{ targetid: 'conf:1', dialog: [dialog] }]);
    });

    it('example 49: its streams', () => {
      const [result] = run(49).auditResults ?? [];
      expect(result?.stream).toEqual([
        { joinwith: 'conn:1234', media: 'audio', dir: 'to', clamp: { dtmf: true }, gain: { amt: '-10' } },
        { joinwith: 'conn:1234', media: 'audio', dir: 'from', gain: { amt: '10' } },
      ]);
    });

    it('example 51: which connections there are', () => {
      expect(run(51).auditResults).toEqual([{ targetid: 'conn:1234' }]);
    });

    it('example 53: the dialogs of a connection', () => {
      expect(run(53).auditResults).toEqual([{ targetid: 'conn:1234', dialog: [DIALOG] }]);
    });

    it('example 55: its streams', () => {
      expect(run(55).auditResults?.[0]?.stream).toMatchObject([
        { joinwith: 'conf:1', dir: 'from' },
        { joinwith: 'conf:1', dir: 'to' },
      ]);
    });

    it('example 57: its SIP dialog and session descriptions', () => {
      expect(run(57).auditResults).toEqual([
        {
          targetid: 'conn:1234',
          sipdialog: { callid: 'call@as', localtag: '1234', remotetag: 'as' },
          localsdp: 'v=0',
          remotesdp: 'v=0',
        },
      ]);
    });
  });
});
