import { silentLog } from '@legato/kernel';
import { decodeMsml } from '@legato/msml';
import type { InviteUsage, SdpBody, SipRequest, SipResponse } from '@legato/sip';
import type { ScriptedCall } from '@legato/testing';
import { FakeClock, FakeMediaEngine, MemoryNetwork, ScriptedUserAgent, sdp, settled } from '@legato/testing';
import { SipHarness } from '../../spec/sip-harness';

const CLIENT = { host: '192.0.2.1', port: 5060 };
const SERVER = { host: '192.0.2.80', port: 5080 };
const URI = 'sip:msml@192.0.2.80:5080';

const offer = (direction = 'sendrecv', codecs = '8 101', version = 1) =>
  sdp(
    [
      'v=0',
      `o=as 1 ${version} IN IP4 192.0.2.1`,
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      `m=audio 40000 RTP/AVP ${codecs}`,
      'a=rtpmap:101 telephone-event/8000',
      `a=${direction}`,
      '',
    ].join('\r\n'),
  );
const NO_MEDIA = sdp('v=0\r\no=as 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n');
const VIDEO_ONLY = sdp(
  'v=0\r\no=as 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=video 40002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n',
);
const msml = (operations: string, contentType = 'application/msml+xml'): SdpBody => ({
  contentType,
  bytes: Buffer.from(`<msml version="1.1">${operations}</msml>`),
});
const textOf = (message: SipRequest | SipResponse | undefined): string =>
  Buffer.from(message?.body ?? []).toString();

/** The same whether the media are in this process or behind messages. */
const PLACES: [where: string, apart: boolean][] = [
  ['in the same process', false],
  ['apart', true],
];

describe.each(PLACES)('the SIP side of the media server, media %s', (_where, apart) => {
  let clock: FakeClock;
  let network: MemoryNetwork;
  let media: FakeMediaEngine;
  let server: SipHarness;
  let client: ScriptedUserAgent;
  let lose: (line: string) => boolean;

  beforeEach(async () => {
    clock = new FakeClock();
    lose = () => false;
    network = new MemoryNetwork(clock, {
      latencyMs: 5,
      lose: ({ bytes }) => lose(bytes.toString('latin1').split('\r\n', 1)[0] ?? ''),
    });
    media = new FakeMediaEngine();
    server = new SipHarness({ media, clock, log: silentLog, transport: network.transport(SERVER), apart });
    client = new ScriptedUserAgent({ clock, transport: network.transport(CLIENT), user: 'as' });
    await Promise.all([server.endpoint.start(), client.start()]);
    client.onEvent = (call, event) => {
      if (event.type === 'request') call.usage.respond(event.transactionKey, 200);
    };
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

  async function call(body: SdpBody | undefined = offer()): Promise<ScriptedCall> {
    const made = client.invite(URI, body);
    await run();
    if (made.told.includes('accepted INVITE')) made.usage.acknowledge();
    await run();
    return made;
  }

  const answerTo = (made: ScriptedCall): string => textOf(made.last('accepted').response);
  const idOf = ({ usage }: { usage: InviteUsage }): string => `conn:${usage.state.dialog?.remoteTag ?? ''}`;

  /** Sends MSML on the dialog and answers what came back. */
  async function send(
    made: ScriptedCall,
    body: SdpBody,
  ): Promise<{ status: number; type?: string; text: string }> {
    made.usage.request('INFO', 'r', body);
    await run();
    const { status, response } = made.last('answered');
    return { status, type: response?.contentType, text: textOf(response) };
  }

  /** The MSML events that the client got, in short. */
  const eventsOf = (made: ScriptedCall): string[] =>
    made.events.flatMap((event) => {
      if (event.type !== 'request' || event.request.method !== 'INFO') return [];
      const decoded = decodeMsml(event.request.body);
      if (!decoded.ok || decoded.value.kind !== 'event') return ['?'];
      const { name, values } = decoded.value.event;
      return [[name, ...values.map((item) => `${item.name}=${item.value}`)].join(' ')];
    });

  const PLAY = '<play barge="false" cleardb="false"><audio uri="file://welcome.wav"/></play>';
  const dialog = (target: string, name: string, content = PLAY) =>
    `<dialogstart target="${target}" type="application/moml+xml" name="${name}">${content}</dialogstart>`;

  describe('INVITE', () => {
    it('answers an offer with the audio that both have, and opens a connection named by our tag (point 7)', async () => {
      const made = await call();
      expect(answerTo(made)).toContain('m=audio 40000 RTP/AVP 8 101');
      expect(answerTo(made)).toContain('c=IN IP4 192.0.2.80');
      expect([...media.connections.keys()]).toEqual([idOf(made)]);
      const agreed = {
        host: '192.0.2.1',
        port: 40_000,
        codec: 'PCMA',
        payloadType: 8,
        telephoneEventPayloadType: 101,
      };
      // Nothing is sent before the ACK: an INVITE may name anybody's address.
      expect(media.connections.get(idOf(made))?.configured).toEqual([
        { ...agreed, direction: 'recvonly' },
        { ...agreed, direction: 'sendrecv' },
      ]);
    });

    it.each([
      ['9', 'a=rtpmap:9 G722/8000', { codec: 'G722', payloadType: 9 }],
      ['97', 'a=rtpmap:97 L16/16000', { codec: 'L16/16000', payloadType: 97 }],
      ['98', 'a=rtpmap:98 L16/48000', { codec: 'L16/48000', payloadType: 98 }],
      ['99', 'a=rtpmap:99 L16/8000', { codec: 'L16/8000', payloadType: 99 }],
    ])('negotiates %s %s', async (format, map, chosen) => {
      const text = Buffer.from(offer('sendrecv', format).bytes)
        .toString()
        .replace('a=rtpmap:101', `${map}\r\na=rtpmap:101`);
      const made = await call(sdp(text));
      expect(media.connections.get(idOf(made))?.configured.at(-1)).toMatchObject(chosen);
      expect(answerTo(made)).toContain(`m=audio 40000 RTP/AVP ${format}`);
    });

    it.each([
      ['nothing in common', offer('sendrecv', '18')],
      ['no audio', VIDEO_ONLY],
      ['no session description', sdp('hello')],
    ])('refuses %s with 488 and keeps nothing', async (_what, body) => {
      const made = await call(body);
      await run();
      expect(made.told).toContain('refused INVITE 488');
      expect(server.endpoint.size).toBe(0);
      expect(media.connections.size).toBe(0);
    });

    it('accepts a description without media as a control dialog', async () => {
      const made = await call(NO_MEDIA);
      expect(answerTo(made)).not.toContain('m=');
      expect(media.connections.size).toBe(0);
      expect((await send(made, msml('<createconference name="c"/>'))).text).toContain('response="200"');
    });

    it('offers audio in the 200 when it is offered none, and takes the answer of the ACK', async () => {
      const made = client.invite(URI);
      await run();
      expect(answerTo(made)).toMatch(/m=audio 40000 RTP\/AVP 8 0 9 96 97 98 101 102 103/);
      expect(media.connections.get(idOf(made))?.configured).toEqual([]);
      made.usage.acknowledge(offer('sendonly', '0'));
      await run();
      expect(media.connections.get(idOf(made))?.configured).toEqual([
        { host: '192.0.2.1', port: 40_000, codec: 'PCMU', payloadType: 0, direction: 'recvonly' },
      ]);
    });

    it.each([
      ['nothing', undefined],
      ['what was not offered', offer('sendrecv', '18')],
    ])('hangs up when the ACK answers its offer with %s', async (_what, body) => {
      const made = client.invite(URI);
      await run();
      made.usage.acknowledge(body);
      await run(200);
      expect(made.told).toContain('ended bye received');
      expect(media.connections.size).toBe(0);
    });

    it('refuses with 503 and Retry-After when no RTP port is free', async () => {
      media.openFailure = new Error('no port');
      const made = await call();
      expect(made.told).toContain('refused INVITE 503');
      expect(made.last('refused').response?.headers.get('Retry-After')).toBe('5');
    });

    it('lets go of the port of an INVITE that is cancelled before it is answered', async () => {
      let open: () => void = () => undefined;
      const original = media.openConnection.bind(media);
      media.openConnection = async (id) => {
        await new Promise<void>((resolve) => (open = resolve));
        return original(id);
      };
      const made = client.invite(URI, offer());
      await run();
      await run(300);
      made.usage.cancel();
      await run();
      expect(made.told).toContain('refused INVITE 487');
      open();
      await run();
      expect(media.connections.size).toBe(0);
      expect(server.context.connections.size).toBe(0);
      expect(server.endpoint.size).toBe(0);
    });

    it('hangs up when no ACK comes', async () => {
      lose = (line) => line.startsWith('ACK');
      const made = await call();
      await run(40_000);
      expect(made.hasEnded).toBe(true);
      expect(media.connections.size).toBe(0);
    });

    it('refuses with 503 and Retry-After while it drains', async () => {
      server.endpoint.draining = true;
      const made = await call();
      expect(made.told).toContain('refused INVITE 503');
      expect(made.last('refused').response?.headers.get('Retry-After')).toBe('5');
    });

    it('answers OPTIONS with what it serves', async () => {
      const made = await call(NO_MEDIA);
      made.usage.request('OPTIONS', 'o');
      await run();
      expect(made.last('answered').status).toBe(200);
    });
  });

  describe('re-INVITE', () => {
    async function reinvite(made: ScriptedCall, body?: SdpBody, answer?: SdpBody): Promise<string> {
      made.usage.reinvite(body);
      await run();
      made.usage.acknowledge(answer);
      await run();
      return answerTo(made);
    }

    it('mirrors hold and resume; the version grows by one with each change, and with nothing else (RFC 3264 §8)', async () => {
      const made = await call();
      const versions = [answerTo(made)];
      versions.push(await reinvite(made, offer('sendonly', '8 101', 2)));
      versions.push(await reinvite(made, offer('sendonly', '8 101', 3)));
      versions.push(await reinvite(made, offer('sendrecv', '8 101', 4)));
      const origins = versions.map((text) => /o=- (\d+) (\d+)/.exec(text)?.slice(1) ?? []);
      expect(new Set(origins.map(([id]) => id)).size).toBe(1);
      expect(origins.map(([, version]) => version)).toEqual(['1', '2', '2', '3']);
      expect(versions[1]).toContain('a=recvonly');
      expect(media.connections.get(idOf(made))?.configured.map(({ direction }) => direction)).toEqual([
        'recvonly',
        'sendrecv',
        'recvonly',
        'recvonly',
        'sendrecv',
      ]);
    });

    it('point 15: a hold does not unjoin: the streams stay as they are (RFC 5707 §8.2)', async () => {
      const [a, b] = [await call(), await call()];
      await send(a, msml(`<join id1="${idOf(a)}" id2="${idOf(b)}"/>`));
      await reinvite(a, offer('inactive', '8 101', 2));
      expect(media.streams.size).toBe(2);
    });

    it('offers again when it is offered nothing', async () => {
      const made = await call();
      const text = await reinvite(made, undefined, offer('sendrecv', '0 101', 2));
      expect(text).toContain('m=audio 40000 RTP/AVP 8 0 9 96 97 98 101 102 103');
      expect(media.connections.get(idOf(made))?.configured.at(-1)).toMatchObject({
        codec: 'PCMU',
        direction: 'sendrecv',
      });
    });

    it('refuses with 488 what it can not do, and goes on as before', async () => {
      const made = await call();
      made.usage.reinvite(offer('sendrecv', '18', 2));
      await run();
      expect(made.told).toContain('refused re-INVITE 488');
      expect(media.connections.get(idOf(made))?.configured).toHaveLength(2);
    });
  });

  describe('INFO', () => {
    it('answers MSML with a result of the type that it came in', async () => {
      const made = await call(NO_MEDIA);
      for (const type of ['application/msml+xml', 'application/vnd.radisys.msml+xml']) {
        client.core.onRequest = () => undefined;
        const answer = await send(made, msml('<createconference/>', type));
        expect(answer).toMatchObject({ status: 200, type });
        expect(answer.text).toMatch(/<result response="200"[^>]*><confid>conf:/);
      }
    });

    it('writes the identifiers after the result for clients that write plain XML', async () => {
      const made = await call(NO_MEDIA);
      const { text } = await send(made, msml('<createconference/>', 'application/xml'));
      expect(text).toMatch(/<result response="200"[^>]*\/>\s*<confid>conf:/);
    });

    it('says in the result what is wrong with MSML, with SIP 200', async () => {
      const made = await call(NO_MEDIA);
      const answer = await send(made, msml('<destroyconference id="conf:none"/>'));
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('response="430"');
    });

    it('answers whatever is quoted in the answer', async () => {
      const made = await call();
      const answer = await send(
        made,
        msml(dialog(idOf(made), 'd', PLAY.replace('welcome.wav', 'a&#10;b.wav').replace('file', '&#9;http'))),
      );
      expect(answer.text).toContain('response="410"');
      await send(made, msml(dialog(idOf(made), 'd', '<exit namelist="a&#10;b"/>')));
      expect(eventsOf(made)).toEqual(['msml.dialog.exit a=undefined b=undefined']);
    });

    it('point 35: answers one without a body with 200, an unknown type with 415', async () => {
      const made = await call(NO_MEDIA);
      made.usage.request('INFO', 'empty');
      await run();
      expect(made.last('answered').status).toBe(200);
      made.usage.request('INFO', 'dtmf', {
        contentType: 'application/dtmf-relay',
        bytes: Buffer.from('Signal=5'),
      });
      await run();
      expect(made.last('answered').status).toBe(415);
      expect(made.last('answered').response?.headers.get('Accept')).toContain('application/msml+xml');
    });

    it('point 36: never takes media control for MSML: it is refused with 415', async () => {
      const made = await call(NO_MEDIA);
      const bytes = Buffer.from('<media_control><vc_primitive/></media_control>');
      made.usage.request('INFO', 'fir', { contentType: 'application/media_control+xml', bytes });
      await run();
      expect(made.last('answered').status).toBe(415);
    });

    it('point 35: its own INFO is of the legacy usage: no Info-Package, no Recv-Info (RFC 6086 §4.2.1)', async () => {
      const made = await call();
      await send(made, msml(dialog(idOf(made), 'd')));
      await media.playbacks[0]?.end();
      await run();
      const info = made.last('request').request;
      expect(info.headers.has('Info-Package')).toBe(false);
      expect(info.headers.has('Recv-Info')).toBe(false);
    });
  });

  describe('events', () => {
    it('follow the answer of the request that causes them', async () => {
      const made = await call();
      const lines: string[] = [];
      client.onEvent = (from, event) => {
        lines.push(event.type === 'request' ? 'event' : event.type);
        if (event.type === 'request') from.usage.respond(event.transactionKey, 200);
      };
      await send(made, msml(dialog(idOf(made), 'd', '<send target="source" event="app.hello"/>')));
      expect(lines).toEqual(['answered', 'event', 'event']);
      expect(eventsOf(made)).toEqual(['app.hello', 'msml.dialog.exit']);
    });

    it('leave one at a time: the next when the one before has its answer', async () => {
      const made = await call();
      const keys: string[] = [];
      client.onEvent = (_call, event) => {
        if (event.type === 'request') keys.push(event.transactionKey);
      };
      await send(
        made,
        msml(
          dialog(idOf(made), 'd', '<send target="source" event="one"/><send target="source" event="two"/>'),
        ),
      );
      await run(2000);
      expect(eventsOf(made)).toEqual(['one']);
      made.usage.respond(keys[0] ?? '', 200);
      await run();
      expect(eventsOf(made)).toEqual(['one', 'two']);
    });

    it('are sent again, in order, when the controller fails to take them', async () => {
      const made = await call();
      let failures = 2;
      client.onEvent = (from, event) => {
        if (event.type !== 'request') return;
        failures -= 1;
        from.usage.respond(event.transactionKey, failures >= 0 ? 500 : 200);
      };
      await send(made, msml(dialog(idOf(made), 'd', '<send target="source" event="one"/>')));
      await run(3000);
      expect(eventsOf(made)).toEqual(['one', 'one', 'one', 'msml.dialog.exit']);
    });

    it('point 2: are discarded when the SIP dialog of the causing request is gone, and the dialog goes on (§3.1)', async () => {
      const [target, control] = [await call(), await call(NO_MEDIA)];
      await send(control, msml(dialog(idOf(target), 'd')));
      control.usage.bye();
      await run();
      expect(server.context.dialogs.size).toBe(1);
      await media.playbacks[0]?.end();
      await run();
      expect(eventsOf(target)).toEqual([]);
      expect(server.context.dialogs.size).toBe(0);
    });

    it('outlive a controller that is silent for a minute and more, and a recording goes on meanwhile', async () => {
      const made = await call();
      const content = `<group topology="parallel"><play barge="false" cleardb="false"><audio uri="file://welcome.wav"/>
        <playexit><send target="source" event="app.startingRecord"/></playexit></play>
        <record dest="file://r.wav" format="audio/wav" maxtime="600s"/></group>`;
      await send(made, msml(dialog(idOf(made), 'd', content)));
      lose = () => true;
      await media.playbacks[0]?.end();
      await run(90_000);
      lose = () => false;
      await run(40_000);
      expect(eventsOf(made)).toEqual(['app.startingRecord']);
      expect(media.recordings[0]?.log).toEqual([]);
      expect(server.context.dialogs.size).toBe(1);
    });

    it('are given up when nobody takes them for three minutes; the next one has its chance', async () => {
      const made = await call();
      client.onEvent = (from, event) => {
        if (event.type !== 'request') return;
        const isFirst = textOf(event.request).includes('one');
        from.usage.respond(event.transactionKey, isFirst ? 500 : 200);
      };
      await send(made, msml(dialog(idOf(made), 'd', '<send target="source" event="one"/>')));
      await run(190_000);
      expect(eventsOf(made).at(-1)).toBe('msml.dialog.exit');
    });
  });

  describe('BYE', () => {
    it('ends the dialogs of the connection gracefully; their events go to another controller (§9.6.2)', async () => {
      const [target, control] = [await call(), await call(NO_MEDIA)];
      await send(
        control,
        msml(
          dialog(
            idOf(target),
            'd',
            '<record dest="file://r.wav" format="audio/wav" maxtime="60s"><recordexit><exit namelist="record.len record.end"/></recordexit></record>',
          ),
        ),
      );
      target.usage.bye();
      await run();
      expect(media.recordings[0]?.log).toEqual(['stop']);
      expect(eventsOf(control)).toEqual(['msml.dialog.exit record.len=2000 record.end=terminate']);
      expect(media.connections.size).toBe(0);
    });

    it('point 8: takes the last participant out of a conference, which goes with msml.conf.nomedia (§8.3)', async () => {
      const [a, control] = [await call(), await call(NO_MEDIA)];
      await send(
        control,
        msml(`<createconference name="c" deletewhen="nomedia"/><join id1="${idOf(a)}" id2="conf:c"/>`),
      );
      a.usage.bye();
      await run();
      expect(eventsOf(control)).toEqual(['msml.conf.nomedia']);
      expect(media.conferences.size).toBe(0);
    });

    it('point 8: of the creating dialog takes a nocontrol conference along, and hangs up its participants whatever term says', async () => {
      const [a, control] = [await call(), await call(NO_MEDIA)];
      await send(
        control,
        msml(
          `<createconference name="c" deletewhen="nocontrol" term="false"/><join id1="${idOf(a)}" id2="conf:c"/>`,
        ),
      );
      control.usage.bye();
      await run(100);
      expect(a.told).toContain('ended bye received');
      expect(media.conferences.size).toBe(0);
      expect(media.connections.size).toBe(0);
    });

    it('point 33: a disconnect tells its results, then hangs up the target', async () => {
      const [a, control] = [await call(), await call(NO_MEDIA)];
      await send(control, msml(dialog(idOf(a), 'd', `${PLAY}<disconnect namelist="play.end"/>`)));
      await media.playbacks[0]?.end();
      await run(100);
      expect(eventsOf(control)).toEqual(['msml.dialog.exit play.end=play.complete']);
      expect(a.told).toContain('ended bye received');
      expect(control.hasEnded).toBe(false);
    });

    it('point 33: the events of a disconnect go before the BYE of their own SIP dialog', async () => {
      const a = await call();
      await send(a, msml(dialog(idOf(a), 'd', `${PLAY}<disconnect namelist="play.end"/>`)));
      await media.playbacks[0]?.end();
      await run(100);
      expect(eventsOf(a)).toEqual(['msml.dialog.exit play.end=play.complete']);
      expect(a.told).toContain('ended bye received');
    });
  });

  it('hangs up although the events of its dialog are not taken', async () => {
    const [a, control] = [await call(), await call(NO_MEDIA)];
    client.onEvent = (from, event) => {
      if (event.type === 'request') from.usage.respond(event.transactionKey, 500);
    };
    await send(a, msml(dialog(idOf(a), 'd', '<send target="source" event="one"/>')));
    await send(
      control,
      msml(
        `<createconference name="c"/><join id1="${idOf(a)}" id2="conf:c"/><destroyconference id="conf:c"/>`,
      ),
    );
    await run(6000);
    expect(a.told).toContain('ended bye received');
  });

  it('finds a peer that went away without BYE, and lets go of everything', async () => {
    await call();
    lose = () => true;
    await run(400_000);
    expect(server.endpoint.size).toBe(0);
    expect(media.connections.size).toBe(0);
    expect(server.context.connections.size).toBe(0);
  });

  it('leaves a silent peer alone as long as it answers', async () => {
    await call();
    await run(400_000);
    expect(server.endpoint.size).toBe(1);
  });

  it('holds nothing when every call is over', async () => {
    const [a, b] = [await call(), await call()];
    await send(
      a,
      msml(
        `<createconference name="c"/><join id1="${idOf(a)}" id2="conf:c"/><join id1="${idOf(b)}" id2="conf:c"/>`,
      ),
    );
    await send(a, msml(dialog('conf:c', 'd')));
    a.usage.bye();
    b.usage.bye();
    await run(40_000);
    expect(server.endpoint.counts()).toEqual({ transactions: 0, usages: 0 });
    expect(server.context.dialogs.size).toBe(0);
    expect(server.context.conferences.size).toBe(0);
    expect(media.streams.size).toBe(0);
  });
});
