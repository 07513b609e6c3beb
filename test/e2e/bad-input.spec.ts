import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane, MediaServer } from './support/apps';
import { startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { workerPort } from '@legato/testing';
import { Rest } from './support/rest';
import { AUDIO, NOT_BY_CALL_ID, SDP, WireCall, answersCalls, description } from './support/wire-call';
import { headerOf, headersOf } from './support/wire-message';
import type { Fields } from './support/wire-peer';
import { WirePeer, answerTo } from './support/wire-peer';

const MSML = { 'Content-Type': 'application/msml+xml' };
/** What IPv4 can carry in one datagram of UDP. */
const MAX_DATAGRAM_BYTES = 65_507;
/** No datagram may keep the others waiting; the bound is generous, because the machine of a test is busy. */
const MAX_ROUND_TRIP_MS = 1_000;

/** Whoever reads or sets __proto__ fails: nothing that comes in gets there, in our code or in what it uses. */
const STRICT = { NODE_OPTIONS: '--disable-proto=throw' };

/** UDP sockets that a process holds, with those that it has forked; connections may stay for a while, media ports may not. */
function udpSocketsOf(pid: number): number {
  const forked = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...forked.map(Number)].reduce((sum, each) => sum + ownUdpSocketsOf(each), 0);
}

function ownUdpSocketsOf(pid: number): number {
  const table = ['udp', 'udp6'].map((name) => readFileSync(`/proc/net/${name}`, 'utf8')).join('');
  const inodes = new Set(table.split('\n').map((line) => line.trim().split(/\s+/)[9]));
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]);
    } catch {
      return false;
    }
  }).length;
}

/** Lines in which a process says that something of its own failed. */
const faultsIn = (lines: readonly string[]): string[] =>
  lines.filter((line) => /"level":"(error|fatal)"|Unhandled|Uncaught|^\s+at /.test(line));

describe('bad input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-bad-input-'));
  let media: MediaServer;
  let control: ControlPlane;
  let rest: Rest;
  let caller: WirePeer;
  let callee: WirePeer;
  let socketsAtStart: number;

  beforeAll(async () => {
    const recordings = join(folder, 'recordings');
    mkdirSync(recordings);
    callee = await WirePeer.open(0);
    media = await startMediaServer({ ...STRICT, LEGATO_MS_RECORDINGS_DIR: recordings });
    const routes = join(folder, 'routes.json');
    const ownPort = await workerPort();
    writeFileSync(
      routes,
      JSON.stringify({
        routes: [
          { number: '1*', to: callee.uri, mode: 'direct' },
          { number: '2*', to: callee.uri, mode: 'anchored' },
          { number: '3000', to: `sip:3000@127.0.0.1:${ownPort}`, mode: 'direct' },
        ],
      }),
    );
    control = await startControlPlane({
      ...STRICT,
      LEGATO_SIP_PORT: String(ownPort),
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: routes,
    });
    rest = new Rest(control.http);
    caller = await WirePeer.open(control.sipPort);
    socketsAtStart = udpSocketsOf(media.child.pid);
  }, 60_000);

  beforeEach(() => {
    callee.heard.length = 0;
    answersCalls(callee);
  });

  afterEach(async () => {
    expect(await caller.isAlive()).toBeLessThan(MAX_ROUND_TRIP_MS);
  });

  afterAll(async () => {
    await caller?.close();
    await callee?.close();
    await control?.child.stop();
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  describe('requests that are malformed', () => {
    const from = (value: string): Fields => ({ method: 'INVITE', headers: { From: value } });

    it.each<[what: string, fields: Fields]>([
      ['a Contact of %', { method: 'INVITE', headers: { Contact: '%' } }],
      ['an empty Contact', { method: 'INVITE', headers: { Contact: '' } }],
      ['a From of two quotes', from('""')],
      ['a From that ends within its quotes', from('"wire <sip:wire@127.0.0.1>;tag=1')],
      ['a From whose user is empty', from('<sip:@127.0.0.1>;tag=1')],
      ['no From', { headers: { From: undefined } }],
      ['no To', { headers: { To: undefined } }],
      ['no Call-ID', { headers: { 'Call-ID': undefined } }],
      ['no CSeq', { headers: { CSeq: undefined } }],
      ['a control character before the colon of To', { lines: ['To\x01: <sip:other@127.0.0.1>'] }],
      ['a NUL in a header', { lines: ['Subject: a\0b'] }],
      ['a line without a colon', { lines: ['Subject'] }],
      ['two From', { headers: { From: ['<sip:a@127.0.0.1>;tag=1', '<sip:b@127.0.0.1>;tag=2'] } }],
      ['two To', { headers: { To: ['<sip:a@127.0.0.1>', '<sip:b@127.0.0.1>'] } }],
      ['two Call-ID', { lines: ['Call-ID: another'] }],
      ['two CSeq', { lines: ['CSeq: 2 OPTIONS'] }],
      ['two Max-Forwards', { lines: ['Max-Forwards: 69'] }],
      ['a CSeq of another method', { headers: { CSeq: '1 INVITE' } }],
      ['a CSeq of 2^32', { headers: { CSeq: '4294967296 OPTIONS' } }],
      ['a CSeq that is no number', { headers: { CSeq: '-1 OPTIONS' } }],
      ['a Max-Forwards that is no number', { headers: { 'Max-Forwards': '1e1' } }],
      ['a negative Content-Length', { headers: { 'Content-Length': '-5' } }],
      ['a Content-Length of 2^32 + 32', { headers: { 'Content-Length': '4294967328' } }],
      ['a Content-Length with an exponent', { headers: { 'Content-Length': '1e3' } }],
      ['a Content-Length with a sign', { headers: { 'Content-Length': '+5' }, body: 'hello' }],
      ['two Content-Lengths that differ', { headers: { 'Content-Length': ['0', '5'] }, body: 'hello' }],
      ['a Content-Length beyond the datagram', { headers: { 'Content-Length': '9999' }, body: 'hello' }],
      ['300 header fields', { lines: Array.from({ length: 300 }, (_, i) => `X-${i}: 1`) }],
      ['a header of 60 KB of commas', { lines: [`Supported: ${'a,'.repeat(30_000)}`] }],
      ['a header of 60 KB of quotes', { lines: [`Subject: ${'\\"'.repeat(30_000)}`] }],
      ['a header of 60 KB of parameters', { headers: { Contact: `<sip:a@b>${';a=b'.repeat(15_000)}` } }],
      ['a header folded 15,000 times', { lines: [`Subject: a${'\r\n b'.repeat(15_000)}`] }],
      ['a header of 60 KB of blanks', { lines: [`Subject: ${' '.repeat(60_000)}`] }],
    ])('with %s are answered 400 (RFC 3261 §21.4.1)', async (_what, fields) => {
      const { status } = await caller.ask(fields);
      expect(status).toBe(400);
      expect(callee.heard).toEqual([]);
    });

    it('with a Request-URI of 60 KB are answered 400 or 414 (§21.4.12)', async () => {
      const { status } = await caller.ask({ method: 'INVITE', uri: `sip:${'1'.repeat(60_000)}@127.0.0.1` });
      expect([400, 414]).toContain(status);
    });

    it('with a Request-URI of 1,000 characters are no trouble', async () => {
      const { status } = await caller.ask({ method: 'INVITE', uri: `sip:9${'1'.repeat(1_000)}@127.0.0.1` });
      expect(status).toBe(404);
    });

    it('with 71 Vias are answered 400 or dropped', async () => {
      const sent = caller.compose({
        lines: Array.from({ length: 71 }, (_, hop) => `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-${hop}`),
      });
      caller.send(sent.bytes);
      await caller.isAlive();
      const answers = caller.heard.filter((message) => headerOf(message, 'call-id') === sent.callId);
      expect(answers.map(({ status }) => status).filter((status) => status !== 400)).toEqual([]);
    });

    it('without a Via have no way back and are dropped', async () => {
      const before = caller.heard.length;
      caller.send(caller.compose({ headers: { Via: undefined } }).bytes);
      await caller.isAlive();
      expect(caller.heard.slice(before)).toHaveLength(1);
    });

    it('may have a blank before the colon, and folds (§7.3.1)', async () => {
      const { status } = await caller.ask({
        headers: { From: undefined },
        lines: ['From : "Wire"\r\n  <sip:wire@127.0.0.1>', '\t;tag=1'],
      });
      expect(status).toBe(200);
    });

    it.each([
      ['an empty datagram', ''],
      ['two line ends', '\r\n\r\n'],
      ['a NUL', '\0'],
      ['four NULs, as some keep NAT open', '\0\0\0\0'],
      ['text', 'hello'],
      ['a start line alone', 'OPTIONS sip:a@b SIP/2.0'],
      ['a status line alone', 'SIP/2.0 200 OK\r\n\r\n'],
      ['a response to nothing', 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\n\r\n'],
      ['a STUN binding request', Buffer.from(`000100002112a442${'00'.repeat(12)}`, 'hex')],
      ['64 KB of A', Buffer.alloc(MAX_DATAGRAM_BYTES, 'A')],
      ['64 KB of line ends', Buffer.alloc(MAX_DATAGRAM_BYTES, '\r\n')],
      ['64 KB of zeros', Buffer.alloc(MAX_DATAGRAM_BYTES)],
      ['every byte', Buffer.from(Array.from({ length: 4_096 }, (_, i) => i & 0xff))],
    ])('that are none (%s) are not answered', async (_what, bytes) => {
      const before = caller.heard.length;
      caller.send(bytes);
      expect(await caller.isAlive()).toBeLessThan(MAX_ROUND_TRIP_MS);
      expect(caller.heard.slice(before).map(({ status }) => status)).toEqual([200]);
    });

    it.each([
      [505, 'another version (RFC 3261 §21.5.6)', 'SIP/3.0'],
      [400, 'no version (§7.1)', ''],
    ])('are answered %i for %s', async (status, _what, version) => {
      const { branch, callId, bytes } = caller.compose();
      caller.send(bytes.toString('latin1').replace('SIP/2.0\r\n', `${version}\r\n`));
      expect((await caller.finalOf({ branch, callId, bytes })).status).toBe(status);
    });

    it('that fill a datagram with a body are read to its end', async () => {
      const { status } = await caller.ask({
        method: 'INVITE',
        uri: `sip:9@${control.sip}`,
        headers: SDP,
        body: Buffer.alloc(MAX_DATAGRAM_BYTES - 600, 'v'),
      });
      expect(status).toBe(404);
    });

    it('with an escaped line break carry it nowhere (§19.1.2)', async () => {
      const call = await WireCall.open(caller, {
        uri: `sip:1%0d%0aX-Evil:%201@${control.sip}`,
        headers: { From: `"%0d%0aX-Evil: 1" <sip:a%0d%0aX-Evil:%201@127.0.0.1>;tag=1`, ...SDP },
        body: description('127.0.0.1', AUDIO),
      });
      const invite = await callee.request('INVITE');
      expect(headersOf(invite, 'x-evil')).toEqual([]);
      expect((await call.hangUp()).status).toBe(200);
    });
  });

  /** Hangs up by REST whatever lives. */
  async function endCalls(): Promise<void> {
    const { data } = await rest.get<{ data: { id: string; state: string }[] }>('/v1/calls?state=in_progress');
    for (const { id } of data) await rest.post(`/v1/calls/${id}/hangup`);
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0, 60_000);
  }

  describe('requests that can not be served', () => {
    it.each<[status: number, what: string, fields: Fields, header: string]>([
      [416, 'an unknown scheme (§21.4.14)', { uri: 'unknown:someone' }, ''],
      [416, 'a web address (§21.4.14)', { uri: 'http://127.0.0.1/' }, ''],
      [
        420,
        'an extension that nobody knows (§21.4.15)',
        { headers: { Require: 'x-unknown' } },
        'Unsupported',
      ],
      [
        420,
        'a Replaces by a stranger',
        { method: 'INVITE', headers: { Require: 'replaces' } },
        'Unsupported',
      ],
      [
        415,
        'a body of another type (§21.4.13)',
        { method: 'INVITE', headers: { 'Content-Type': 'application/unknown' }, body: 'x' },
        'Accept',
      ],
      [
        415,
        'a compressed body (§21.4.13)',
        { method: 'INVITE', headers: { ...SDP, 'Content-Encoding': 'gzip' }, body: 'x' },
        'Accept-Encoding',
      ],
      [501, 'a method that nobody knows (§21.5.2)', { method: 'NEVERHEARD' }, 'Allow'],
      [501, 'a method in lower case (§7.1)', { method: 'options' }, 'Allow'],
      [405, 'PUBLISH (§21.4.6)', { method: 'PUBLISH' }, 'Allow'],
      [405, 'SUBSCRIBE (§21.4.6)', { method: 'SUBSCRIBE', headers: { Event: 'presence' } }, 'Allow'],
      [405, 'REFER (§21.4.6)', { method: 'REFER', headers: { 'Refer-To': '<sip:a@b>' } }, 'Allow'],
      [405, 'MESSAGE outside of a call (§21.4.6)', { method: 'MESSAGE' }, 'Allow'],
      [405, 'NOTIFY outside of a call (§21.4.6)', { method: 'NOTIFY', headers: { Event: 'x' } }, 'Allow'],
      [481, 'BYE without a dialog (§15.1.2)', { method: 'BYE' }, ''],
      [481, 'INFO without a dialog (RFC 6086 §4.2.2)', { method: 'INFO' }, ''],
      [481, 'UPDATE without a dialog (RFC 3311 §5.2)', { method: 'UPDATE' }, ''],
      [481, 'CANCEL of nothing (§9.2)', { method: 'CANCEL' }, ''],
      [
        481,
        'an INVITE into a dialog that there is not',
        { method: 'INVITE', headers: { To: '<sip:a@b>;tag=x' } },
        '',
      ],
      [404, 'a number that nobody has (§21.4.5)', { method: 'INVITE', uri: 'sip:9999@127.0.0.1' }, ''],
      [
        483,
        'an INVITE that may not go further (§21.4.21)',
        { method: 'INVITE', headers: { 'Max-Forwards': '0' } },
        '',
      ],
    ])('are answered %i: %s', async (status, _what, fields, header) => {
      const answer = await caller.ask(fields);
      expect(answer.status).toBe(status);
      if (header !== '') expect(headerOf(answer, header)).not.toBe('');
      expect(callee.heard).toEqual([]);
    });

    it('a 405 lists every method that this user agent serves, as OPTIONS does (§8.2.1)', async () => {
      const served = headerOf(await caller.ask({ method: 'OPTIONS' }), 'Allow').split(/\s*,\s*/);
      expect(served).toEqual(expect.arrayContaining(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO']));
      for (const method of ['MESSAGE', 'PUBLISH']) {
        const allowed = headerOf(await caller.ask({ method }), 'Allow').split(/\s*,\s*/);
        expect([method, allowed.sort()]).toEqual([method, [...served].sort()]);
      }
    });

    it('a tel URI that has no route is answered, not followed', async () => {
      const { status } = await caller.ask({ method: 'INVITE', uri: 'tel:+49-30-1000' });
      expect([404, 416, 484]).toContain(status);
    });

    it('a REGISTER that removes everything gets an answer', async () => {
      const headers = { Contact: '*', Expires: '0' };
      const { status } = await caller.ask({ method: 'REGISTER', uri: `sip:${control.sip}`, headers });
      expect([200, 401, 403, 404, 405]).toContain(status);
    });

    it('an ACK for nothing is dropped (§17.2.1)', async () => {
      const before = caller.heard.length;
      caller.send(caller.compose({ method: 'ACK' }).bytes);
      await caller.isAlive();
      expect(caller.heard.slice(before)).toHaveLength(1);
    });

    it('a Route of the caller is not obeyed: nothing goes where it leads (§16.4, §26)', async () => {
      const evil = await WirePeer.open(control.sipPort);
      await caller.ask({
        method: 'INVITE',
        uri: `sip:9999@${control.sip}`,
        headers: { Route: `<sip:${evil.host}:${evil.port};lr>` },
      });
      await WireCall.open(caller, {
        headers: { Route: `<sip:${evil.host}:${evil.port};lr>`, ...SDP },
        body: description('127.0.0.1', AUDIO),
      }).then((call) => call.hangUp());
      expect(evil.heard).toEqual([]);
      await evil.close();
    });
  });

  it('a route that leads back to us ends in a refusal, not in a storm (§16.3, RFC 5393 §4)', async () => {
    const before = await rest.metric('legato_calls');
    const invite = { method: 'INVITE', uri: `sip:3000@${control.sip}`, headers: SDP };
    const { status } = await caller.ask({ ...invite, body: description('127.0.0.1', AUDIO) });
    expect([482, 483]).toContain(status);
    await eventually('its calls are over', async () => (await rest.metric('legato_calls')) === before);
  });

  describe('session descriptions of an anchored call', () => {
    const offer = (...media: string[]) => ({
      method: 'INVITE',
      uri: `sip:2000@${control.sip}`,
      headers: SDP,
      body: description('127.0.0.1', ...media),
    });

    it.each([
      ['no audio', ['m=video 40002 RTP/AVP 31']],
      ['no media', []],
      [
        'codecs that the media server does not know',
        ['m=audio 40000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2'],
      ],
      ['a payload type that means nothing', ['m=audio 40000 RTP/AVP 97']],
      ['encrypted media only', ['m=audio 40000 RTP/SAVP 8']],
    ])(
      'with %s are refused with 488 before the callee hears of the call (§21.4.26)',
      async (_what, lines) => {
        const { status } = await caller.ask(offer(...lines));
        expect(status).toBe(488);
        expect(callee.heard).toEqual([]);
      },
    );

    it.each([
      ['text', 'hello'],
      ['no version', 'o=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n'],
      ['a port beyond 65535', description('127.0.0.1', 'm=audio 99999 RTP/AVP 8')],
      ['NULs', Buffer.alloc(100)],
      ['60 KB of media lines', description('127.0.0.1', ...Array.from({ length: 1_200 }, () => AUDIO))],
    ])('that are none (%s) are refused with 400 or 488', async (_what, body) => {
      const { status } = await caller.ask({ ...offer(), body });
      expect([400, 488]).toContain(status);
      expect(callee.heard).toEqual([]);
    });
  });

  describe('a call under way', () => {
    let call: WireCall;

    beforeEach(async () => {
      call = await WireCall.open(caller, { headers: SDP, body: description('127.0.0.1', AUDIO) });
      await callee.request('ACK');
    });

    afterEach(async () => {
      const live = await rest.call(['in_progress']);
      expect((await call.hangUp()).status).toBe(200);
      await callee.request('BYE');
      await rest.until(`/v1/calls/${live.id}`, ['ended']);
    });

    it.each([
      ['BYE', 'its To tag is guessed', { To: '<sip:1000@127.0.0.1>;tag=0123456789abcdef' }],
      ['INFO', 'its To tag is guessed', { To: '<sip:1000@127.0.0.1>;tag=0123456789abcdef' }],
      ['INVITE', 'its To tag is guessed', { To: '<sip:1000@127.0.0.1>;tag=0123456789abcdef' }],
      ['BYE', 'its From tag is guessed', { From: '<sip:wire@127.0.0.1>;tag=x' }],
      ['BYE', 'its Call-ID is guessed', { 'Call-ID': 'guessed' }],
    ])('is not ended by a %s of a stranger when %s: 481 (§12.2.2)', async (method, _what, headers) => {
      const stranger = await WirePeer.open(control.sipPort);
      const forged = call.within(method, { headers });
      const own = stranger.compose().branch;
      const sent = {
        ...forged,
        branch: own,
        callId: NOT_BY_CALL_ID,
        bytes: Buffer.from(
          forged.bytes
            .toString('latin1')
            .replace(/Via: [^\r]*/, `Via: SIP/2.0/UDP ${stranger.host}:${stranger.port};branch=${own};rport`),
          'latin1',
        ),
      };
      stranger.send(sent.bytes);
      expect((await stranger.finalOf(sent)).status).toBe(481);
      expect(callee.heard.filter((message) => message.method === method && method !== 'INVITE')).toEqual([]);
      await stranger.close();
    });

    it('takes no MSML from a caller: 415, and nobody hears of it', async () => {
      const answer = await call.ask('INFO', {
        headers: MSML,
        body: '<?xml version="1.0"?><msml version="1.1"><event name="msml.dialog.exit" id="conn:x/dialog:y"/></msml>',
      });
      expect(answer.status).toBe(415);
      expect(callee.heard.filter(({ method }) => method === 'INFO')).toEqual([]);
    });

    it('says in that 415 what it would take (§21.4.13)', async () => {
      const answer = await call.ask('INFO', { headers: MSML, body: '<msml version="1.1"/>' });
      expect(headerOf(answer, 'Accept')).not.toBe('');
      expect(headerOf(answer, 'Accept')).not.toContain('msml');
    });

    it('answers a request whose CSeq is too low with 500 (§12.2.2)', async () => {
      await call.ask('INFO', { headers: { 'Content-Type': 'application/dtmf-relay' }, body: 'Signal=1\r\n' });
      const answer = await call.ask('INFO', { headers: { CSeq: '1 INFO' } });
      expect(answer.status).toBe(500);
    });

    it('gives no credentials to a callee that asks for them', async () => {
      const challenge = 'WWW-Authenticate: Digest realm="elsewhere", nonce="1"';
      callee.onRequest = (request) =>
        request.method === 'ACK' ? undefined : answerTo(request, 401, { headers: [challenge] });
      await call.ask('INFO', { headers: { 'Content-Type': 'application/dtmf-relay' }, body: 'Signal=1\r\n' });
      for (const request of callee.heard)
        expect([
          ...headersOf(request, 'authorization'),
          ...headersOf(request, 'proxy-authorization'),
        ]).toEqual([]);
      answersCalls(callee);
    });
  });

  it.each<[what: string, status: number, headers: readonly string[], body: string]>([
    ['asks for credentials', 407, ['Proxy-Authenticate: Digest realm="r", nonce="n"'], ''],
    ['asks for credentials of its own', 401, ['WWW-Authenticate: Digest realm="r", nonce="n"'], ''],
    ['sends us on to a stranger', 302, ['Contact: <sip:evil@127.0.0.1:9>'], ''],
    ['has a Contact that is none', 200, ['Contact: %', 'Content-Type: application/sdp'], 'v'],
    ['has no Contact', 200, ['Content-Type: application/sdp'], description('127.0.0.1', AUDIO)],
    ['has a status that nobody knows', 699, [], ''],
  ])('a callee that %s costs its own call and gets no credentials', async (_what, status, headers, body) => {
    callee.onRequest = (request) => {
      if (request.method === 'ACK') return undefined;
      return request.method === 'INVITE'
        ? answerTo(request, status, { headers, body })
        : answerTo(request, 200);
    };
    const before = await rest.metric('legato_calls');
    const offer = { method: 'INVITE', headers: SDP, body: description('127.0.0.1', AUDIO) };
    if (status === 200) {
      // It may be connected or refused, but it has to end.
      const call = await WireCall.open(caller, offer).catch(() => undefined);
      await call?.hangUp();
    } else expect((await caller.ask(offer)).status).toBeGreaterThanOrEqual(300);
    await eventually('its call is over', async () => (await rest.metric('legato_calls')) === before);
    for (const request of callee.heard)
      expect([...headersOf(request, 'authorization'), ...headersOf(request, 'proxy-authorization')]).toEqual(
        [],
      );
    expect(callee.heard.filter(({ method }) => method === 'INVITE')).toHaveLength(1);
  });

  describe('fields of REST', () => {
    const valid = { from: 'sip:a@127.0.0.1', mode: 'anchored' };

    it.each([
      ['CR LF', 'sip:x\r\nRoute: <sip:evil;lr>'],
      ['LF alone', 'sip:x\nX-Evil: 1'],
      ['CR alone', 'sip:x\rX-Evil: 1'],
      ['U+0085', 'sip:x\u0085y'],
      ['U+2028', 'sip:x\u2028y'],
      ['U+010D U+010A, which narrow to CR LF', 'sip:x\u010d\u010aX-Evil: 1'],
      ['an escaped CR LF', 'sip:x%0d%0aX-Evil:%201'],
      ['quotes', 'sip:"x"'],
      ['angle brackets', 'sip:x>;tag=evil,<sip:y'],
      ['a NUL', 'sip:x\0y'],
    ])('with %s are refused with 422, each by its name, and nothing is sent', async (_what, text) => {
      const uri = `${text}@${callee.host}:${callee.port}`;
      const calls = await rest.metric('legato_calls');
      for (const [body, pointer] of [
        [{ ...valid, to: [uri] }, '/to/0'],
        [{ ...valid, from: uri, to: [callee.uri] }, '/from'],
        ...(text.includes('"') || text.includes('>') || text.includes('%')
          ? []
          : [[{ ...valid, to: [callee.uri], metadata: { note: text } }, '/metadata/note'] as const]),
      ] as const) {
        const answer = await rest.post<{ errors: { pointer: string }[] }>('/v1/calls', body);
        expect(answer.status).toBe(422);
        expect(answer.body.errors.map((error) => error.pointer)).toEqual([pointer]);
      }
      expect(callee.heard).toEqual([]);
      expect(await rest.metric('legato_calls')).toBe(calls);
    });

    it.each([
      [400, 'is no JSON', '{"from": '],
      [413, 'is larger than 64 KiB', JSON.stringify({ from: 'a'.repeat(70_000) })],
      [422, 'is no object', '[]'],
      [422, 'sets __proto__', '{"from":"sip:a@b","to":["sip:c@d"],"__proto__":{"mode":"direct"}}'],
    ])('whose body %2$s are refused with %i', async (status, _what, body) => {
      const answer = await fetch(`${control.http}/v1/calls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it.each(['/v1/recordings/..%2f..%2fetc%2fpasswd/media', '/v1/calls/%00', '/v1/calls/call_1%0d%0aX:1'])(
      'that are paths (%s) lead nowhere',
      async (path) => {
        const answer = await fetch(`${control.http}${path}`);
        expect([400, 404, 422]).toContain(answer.status);
      },
    );
  });

  describe('MSML that the media server gets', () => {
    let peer: WirePeer;
    let dialog: WireCall;

    beforeAll(async () => {
      peer = await WirePeer.open(media.sipPort);
      dialog = await WireCall.open(peer, {
        uri: `sip:msml@${media.sip}`,
        headers: SDP,
        body: description('127.0.0.1', AUDIO),
      });
    });

    afterEach(async () => {
      expect(await peer.isAlive()).toBeLessThan(MAX_ROUND_TRIP_MS);
    });

    afterAll(async () => {
      expect((await dialog.hangUp()).status).toBe(200);
      await peer.close();
    });

    const msml = (content: string) =>
      `<?xml version="1.0" encoding="UTF-8"?>\n<msml version="1.1">${content}</msml>`;

    it.each<[what: string, body: string | Buffer]>([
      ['that is not closed', '<msml version="1.1"><audit queryid="conf:*">'],
      ['whose tags cross', msml('<createconference name="a"></msml>')],
      ['with a document type', `<!DOCTYPE msml>${msml('')}`],
      ['with an entity', `<!DOCTYPE msml [<!ENTITY a "b">]><msml version="1.1">&a;</msml>`],
      [
        'with a file as entity',
        `<!DOCTYPE msml [<!ENTITY a SYSTEM "file:///etc/passwd">]><msml version="1.1">&a;</msml>`,
      ],
      ['with two roots', `${msml('')}<msml version="1.1"/>`],
      ['without a root', 'hello'],
      ['of NULs', Buffer.alloc(64)],
      [
        'that is no UTF-8',
        Buffer.from([...Buffer.from('<msml version="1.1"><a b="'), 0xff, 0xfe, ...Buffer.from('"/></msml>')]),
      ],
      ['with an attribute twice', '<msml version="1.1" version="1.1"/>'],
      ['with an attribute without quotes', '<msml version=1.1/>'],
      ['of another root', '<html/>'],
      ['with a name from elsewhere', msml('<__proto__ a="1"/>')],
      ['with 10,000 elements', msml('<a/>'.repeat(10_000))],
      ['with 1,000 levels', msml('<a>'.repeat(1_000) + '</a>'.repeat(1_000))],
      [
        'with 3,000 attributes',
        msml(`<createconference ${Array.from({ length: 3_000 }, (_, i) => `a${i}="1"`).join(' ')}/>`),
      ],
      ['that is a result', '<msml version="1.1"><result response="200"/></msml>'],
    ])('%s has the result 400 in a SIP 200 (RFC 5707 §5)', async (_what, body) => {
      const answer = await dialog.ask('INFO', { headers: MSML, body });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatch(/<result[^>]* response="400"/);
      expect(answer.body).not.toContain('root:');
    });

    it('with 60 KB of character references is refused, and costs no time', async () => {
      const body = msml(`<dialogend id="${'&#65;'.repeat(12_000)}"/>`);
      const answer = await dialog.ask('INFO', { headers: MSML, body });
      expect(answer.body).toMatch(/<result[^>]* response="4\d\d"/);
    });

    it('whose object could not be named again, because the name is too long, is refused (§8.2)', async () => {
      const body = msml(`<createconference name="${'a'.repeat(12_000)}"/>`);
      expect((await dialog.ask('INFO', { headers: MSML, body })).body).not.toContain('response="200"');
    });

    it('outside of a dialog is not looked at: 481', async () => {
      expect((await peer.ask({ method: 'INFO', headers: MSML, body: msml('') })).status).toBe(481);
    });

    it('under another type is refused with 415 and what would be taken', async () => {
      const answer = await dialog.ask('INFO', { headers: { 'Content-Type': 'text/plain' }, body: msml('') });
      expect(answer.status).toBe(415);
      expect(headerOf(answer, 'Accept')).toContain('application/msml+xml');
    });
  });

  it('leaves nothing behind', async () => {
    await endCalls();
    await eventually(
      'no transaction',
      async () => (await rest.metric('legato_sip_transactions')) === 0,
      45_000,
    );
    await eventually('no media port', () => udpSocketsOf(media.child.pid) === socketsAtStart, 45_000);
    expect(faultsIn(control.child.lines)).toEqual([]);
    expect(faultsIn(media.child.lines)).toEqual([]);
    expect([control.child.running, media.child.running]).toEqual([true, true]);
  }, 120_000);
});
