import { silentLog } from '@legato/kernel';
import type { SdpBody } from '@legato/sip';
import type { ScriptedCall } from '@legato/testing';
import { FakeClock, FakeMediaEngine, MemoryNetwork, ScriptedUserAgent, sdp, settled } from '@legato/testing';
import { SipHarness } from '../../spec/sip-harness';

const HOST = '192.0.2.80:5080';
const OFFER = sdp(
  'v=0\r\no=as 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n',
);
const NO_MEDIA = sdp('v=0\r\no=as 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n');

/** The same whether the media are in this process or behind messages. */
const PLACES: [where: string, apart: boolean][] = [
  ['in the same process', false],
  ['apart', true],
];

describe.each(PLACES)('services that a Request-URI names (RFC 4240), media %s', (_where, apart) => {
  let clock: FakeClock;
  let media: FakeMediaEngine;
  let server: SipHarness;
  let client: ScriptedUserAgent;

  beforeEach(async () => {
    clock = new FakeClock();
    media = new FakeMediaEngine();
    const network = new MemoryNetwork(clock, { latencyMs: 5 });
    server = new SipHarness({
      media,
      clock,
      log: silentLog,
      transport: network.transport({ host: '192.0.2.80', port: 5080 }),
      apart,
    });
    client = new ScriptedUserAgent({
      clock,
      transport: network.transport({ host: '192.0.2.1', port: 5060 }),
      user: 'as',
    });
    await Promise.all([server.endpoint.start(), client.start()]);
  });

  afterEach(async () => {
    await client.stop();
    await server.close();
  });

  async function run(ms = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5) {
      clock.advance(5);
      await settled();
    }
  }

  async function call(
    user: string,
    parameters = '',
    body: SdpBody | undefined = OFFER,
  ): Promise<ScriptedCall> {
    const made = client.invite(`sip:${user}@${HOST}${parameters}`, body);
    await run();
    if (made.told.includes('accepted INVITE')) made.usage.acknowledge();
    await run();
    return made;
  }

  const reasonOf = (made: ScriptedCall) => {
    const { response } = made.last('refused');
    return `${response?.status} ${response?.reason}`;
  };

  describe('annc (§3)', () => {
    it('point 34: plays the file after the ACK, then hangs up', async () => {
      const made = client.invite(`sip:annc@${HOST};play=file://welcome.wav`, OFFER);
      await run();
      expect(media.playbacks).toHaveLength(0);
      made.usage.acknowledge();
      await run();
      expect(media.playbacks[0]?.files).toEqual([`${server.folder}/prompts/welcome.wav`]);
      expect(made.hasEnded).toBe(false);
      await media.playbacks[0]?.end();
      await run();
      expect(made.told).toContain('ended bye received');
      expect(media.connections.size).toBe(0);
    });

    it('repeats it as often, with the pause and for as long as it says, in milliseconds', async () => {
      await call('annc', ';play=file://welcome.wav;repeat=3;delay=500;duration=20000');
      expect(media.playbacks[0]?.options).toEqual({ iterate: 3, intervalMs: 500, maxtimeMs: 20_000 });
    });

    it('bounds what is repeated forever', async () => {
      await call('annc', ';play=file://welcome.wav;repeat=forever');
      expect(media.playbacks[0]?.options).toEqual({ iterate: -1, intervalMs: 0, maxtimeMs: 14_400_000 });
    });

    it('ignores parameters that it does not know', async () => {
      await call('annc', ';play=file://welcome.wav;locale=en_CA;x=1');
      expect(media.playbacks).toHaveLength(1);
    });

    it('is over when the caller hangs up first', async () => {
      const made = await call('annc', ';play=file://welcome.wav');
      made.usage.bye();
      await run();
      await media.playbacks[0]?.end('stopped');
      await run();
      expect(server.endpoint.size).toBe(0);
    });

    it.each([
      ['', '400 Mandatory play parameter missing'],
      [';play=file://none.wav', '404 Announcement content not found'],
      [';play=file://..%2f..%2fetc%2fpasswd', '400 Announcement content could not be retrieved'],
      [';play=file:///etc/passwd', '400 Announcement content could not be retrieved'],
      [';play=http://192.0.2.9/a.wav', '400 Announcement content could not be retrieved'],
      [';play=file://welcome.wav;repeat=often', '400 Bad announcement parameter'],
      [';play=file://welcome.wav;delay=-1', '400 Bad announcement parameter'],
      [';moml=cid:1%40as', '488 Not Acceptable Here'],
    ])('point 34: answers %s with %s and keeps nothing', async (parameters, line) => {
      const made = await call('annc', parameters);
      expect(reasonOf(made)).toBe(line);
      expect(media.connections.size).toBe(0);
    });

    it('wants media', async () => {
      expect((await call('annc', ';play=file://welcome.wav', NO_MEDIA)).told).toContain('refused INVITE 488');
    });
  });

  describe('conf (§5)', () => {
    const flows = () => media.streams.size / 2;

    it('point 34: takes everybody who names it into one conference, which goes with the last', async () => {
      const first = await call('conf=room-1', ';isfocus');
      const second = await call('conf=room-1');
      await call('conf=other');
      expect([...media.conferences]).toEqual(['conf:room-1', 'conf:other']);
      expect(server.context.conferences.get('conf:room-1')?.participants).toHaveLength(2);
      expect(flows()).toBe(3);
      first.usage.bye();
      await run();
      expect(media.conferences.has('conf:room-1')).toBe(true);
      second.usage.bye();
      await run();
      expect([...media.conferences]).toEqual(['conf:other']);
    });

    it('tells names apart that MSML can not say', async () => {
      await call('conf=a+b');
      await call('conf=a$b');
      await call('conf=a+b');
      expect(media.conferences.size).toBe(2);
    });

    it.each(['conf', 'conf='])('answers 404 to %s without a name', async (user) => {
      expect((await call(user)).told).toContain('refused INVITE 404');
    });

    it('wants media, and makes no conference without', async () => {
      expect((await call('conf=1', '', NO_MEDIA)).told).toContain('refused INVITE 488');
      expect(media.conferences.size).toBe(0);
    });

    it('answers 503 when there is no room for another conference', async () => {
      server.context.draining = true;
      expect((await call('conf=1')).told).toContain('refused INVITE 503');
      await run(100);
      expect(media.connections.size).toBe(0);
    });
  });

  describe('dialog (RFC 5707 §9.4)', () => {
    const part = (type: string, content: string, id?: string) =>
      `--part\r\nContent-Type: ${type}\r\n${id === undefined ? '' : `Content-ID: <${id}>\r\n`}\r\n${content}\r\n`;
    const multipart = (...parts: string[]): SdpBody => ({
      contentType: 'multipart/mixed;boundary=part',
      bytes: Buffer.from(`${parts.join('')}--part--\r\n`),
    });
    const OFFER_PART = part('application/sdp', Buffer.from(OFFER.bytes).toString());
    const moml = (content: string, id = '1@as') =>
      multipart(OFFER_PART, part('application/moml+xml', `<moml version="1.0" id="s">${content}</moml>`, id));
    const PLAY = '<play><audio uri="file://welcome.wav"/></play>';
    const infos = (made: ScriptedCall): string[] =>
      made.events.flatMap((event) =>
        event.type === 'request' && event.request.method === 'INFO' ? [event.request.body.toString()] : [],
      );

    beforeEach(() => {
      client.onEvent = (made, event) => {
        if (event.type === 'request') made.usage.respond(event.transactionKey, 200);
      };
    });

    it('point 34: runs the script of the INVITE after the ACK, and tells what it says', async () => {
      const content = `<collect><pattern digits="x"><exit namelist="dtmf.digits"/></pattern></collect>`;
      const made = await call('dialog', ';moml=cid:1%40as', moml(content));
      expect(made.told).toContain('accepted INVITE');
      [...media.connections.values()][0]?.press('7');
      await run(200);
      expect(infos(made)).toHaveLength(1);
      expect(infos(made)[0]).toContain('name="moml.exit"');
      expect(infos(made)[0]).toContain('<value>7</value>');
      expect(server.endpoint.size).toBe(1);
    });

    it('point 34: a script that says nothing is not told of, one that fails is', async () => {
      const quiet = await call('dialog', ';moml=cid:1%40as', moml(PLAY));
      await media.playbacks[0]?.end();
      await run(200);
      expect(infos(quiet)).toEqual([]);
      const failing = await call('dialog', ';moml=cid:1%40as', moml('<faxdetect/>'));
      await run(200);
      expect(infos(failing)[0]).toContain('name="moml.error"');
      expect(infos(failing)[0]).toContain('<name>moml.error.status</name><value>402</value>');
    });

    it.each([
      ['dialog', ';moml=cid:2%40as', '488 Not Acceptable Here'],
      ['dialog', ';moml=http://192.0.2.9/a.moml', '488 Not Acceptable Here'],
      ['dialog', ';voicexml=http://192.0.2.9/a.vxml', '488 Not Acceptable Here'],
      ['dialog', '', '488 Not Acceptable Here'],
      ['ivr', '', '488 Not Acceptable Here'],
      ['annc', ';play=cid:2%40as', '488 Not Acceptable Here'],
      ['msml', '', '415 Unsupported Media Type'],
    ])('point 34: answers %s%s with %s', async (user, parameters, line) => {
      expect(reasonOf(await call(user, parameters, moml(PLAY)))).toBe(line);
      expect(media.connections.size).toBe(0);
    });

    it('point 34: an announcement may be a script of plays, and is hung up after it without INFO', async () => {
      const made = await call('annc', ';play=cid:1%40as;repeat=5', moml(PLAY + PLAY));
      expect(media.playbacks).toHaveLength(1);
      await media.playbacks[0]?.end();
      await run();
      expect(media.playbacks).toHaveLength(2);
      await media.playbacks[1]?.end();
      await run(200);
      expect(infos(made)).toEqual([]);
      expect(server.endpoint.size).toBe(0);
    });

    it('point 34: an announcement with more than plays is 400', async () => {
      const made = await call('annc', ';play=cid:1%40as', moml(`${PLAY}<dtmfgen digits="1"/>`));
      expect(reasonOf(made)).toBe('400 Announcement script has more than plays');
    });

    it('a part that is neither description nor script is refused', async () => {
      const body = multipart(OFFER_PART, part('image/png', 'x'));
      expect((await call('dialog', ';moml=cid:1%40as', body)).told).toContain('refused INVITE 488');
    });
  });
});
