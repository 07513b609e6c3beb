import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { AUDIO, SDP, description } from './support/wire-call';
import type { WireMessage } from './support/wire-message';
import { headerOf, readWire, writeWire } from './support/wire-message';
import { WirePeer, ackOf, answerTo } from './support/wire-peer';
import { WireStream } from './support/wire-stream';

const FOLDER = join(__dirname, '../fixtures/rfc4475');
const BUSY = 486;
/** From the first byte of a message to its last. */
const MESSAGE_DEADLINE_MS = 5_000;
const CONNECTIONS_PER_HOST = 100;

const load = (file: string): Buffer => readFileSync(join(FOLDER, `${file}.dat`));

describe('messages of RFC 4475 and other framing on a stream', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-streams-'));
  let control: ControlPlane;
  let callee: WirePeer;
  let stream: WireStream;
  let serial = 0;

  beforeAll(async () => {
    callee = await WirePeer.open(0);
    callee.onRequest = (request) => (request.method === 'INVITE' ? answerTo(request, BUSY) : undefined);
    const routes = join(folder, 'routes.json');
    writeFileSync(routes, JSON.stringify({ routes: [{ number: '*', to: callee.uri, mode: 'direct' }] }));
    control = await startControlPlane({ LEGATO_ROUTES: routes });
  }, 60_000);

  beforeEach(async () => {
    callee.heard.length = 0;
    stream = await WireStream.open(control.sipPort);
  });

  afterEach(() => stream.close());

  afterAll(async () => {
    await callee?.close();
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function request(
    method: string,
    over: WireStream,
    headers: readonly string[],
    body: Buffer | string = '',
  ): { callId: string; bytes: Buffer } {
    serial += 1;
    const callId = `stream-${serial}`;
    const bytes = writeWire(
      `${method} sip:1000@${control.sip} SIP/2.0`,
      [
        `Via: SIP/2.0/TCP 127.0.0.1:${over.localPort};branch=z9hG4bK-${callId}`,
        'Max-Forwards: 70',
        `From: <sip:wire@127.0.0.1>;tag=${serial}`,
        `To: <sip:1000@${control.sip}>`,
        `Call-ID: ${callId}`,
        `CSeq: 1 ${method}`,
        `Contact: <sip:wire@127.0.0.1:${over.localPort};transport=tcp>`,
        ...headers,
      ],
      body,
    );
    return { callId, bytes };
  }

  async function probe(over: WireStream): Promise<number> {
    const { callId, bytes } = request('OPTIONS', over, ['Content-Length: 0']);
    over.write(bytes);
    return (await over.final(callId)).status;
  }

  const closes = (over: WireStream, deadlineMs = 3_000) =>
    eventually('the connection is closed', () => over.isClosed, deadlineMs);

  it('dblreq (§3.1.1.8): two requests, each answered, and the connection goes on', async () => {
    const whole = load('dblreq');
    // The body of the second has 155 bytes in the archive and a Content-Length of 150.
    const bytes = whole.subarray(0, whole.length - 5);
    stream.write(bytes);
    expect((await stream.final('dblreq.0ha0isndaksdj99sdfafnl3lk233412')).status).toBe(200);
    const callId = 'dblreq.0ha0isnda977644900765@192.0.2.15';
    const refused = await stream.final(callId);
    expect(refused.status).toBe(BUSY);
    stream.write(ackOf(bytes.subarray(bytes.indexOf('INVITE')), refused));
    expect(await probe(stream)).toBe(200);
  });

  it.each(['ncl', 'mcl01'])('%s (§3.1.2.3, §3.3.9): 400 and the end of the connection', async (file) => {
    stream.write(load(file));
    await closes(stream);
    expect(stream.heard.map(({ status }) => status)).toEqual([400]);
  });

  it('clerr (§3.1.2.2): waits for the rest, and closes when it does not come', async () => {
    stream.write(load('clerr'));
    const from = performance.now();
    await closes(stream, 3 * MESSAGE_DEADLINE_MS);
    expect(performance.now() - from).toBeGreaterThan(MESSAGE_DEADLINE_MS - 1_000);
    expect(callee.heard).toEqual([]);
  });

  it.each([
    ['of 2^32 + 32', ['Content-Length: 4294967328']],
    ['below zero', ['Content-Length: -5']],
    ['with an exponent', ['Content-Length: 1e3']],
    ['with a sign', ['Content-Length: +5']],
    ['twice, and different', ['Content-Length: 5', 'l: 0']],
    ['above 64 KiB', ['Content-Length: 100000']],
    ['that is not there', []],
  ])(
    'a Content-Length %s ends the connection, with 400 or 413 (RFC 3261 §18.3, §20.14)',
    async (_what, lines) => {
      const honest = request('OPTIONS', stream, ['Content-Length: 0']);
      stream.write(Buffer.concat([request('OPTIONS', stream, lines).bytes, honest.bytes]));
      await closes(stream);
      // What follows a fault is not read: nobody knows where it begins.
      expect(stream.heard).toHaveLength(1);
      expect([400, 413]).toContain(stream.heard[0]?.status);
      expect(headerOf(stream.heard[0]!, 'call-id')).not.toBe(honest.callId);
    },
  );

  it('a request inside the body of another is a body (request smuggling)', async () => {
    const inner = request('INVITE', stream, [`Content-Type: ${SDP['Content-Type']}`, 'Content-Length: 0']);
    const body = Buffer.concat([Buffer.from(description('127.0.0.1', AUDIO)), inner.bytes]);
    const outer = request(
      'INVITE',
      stream,
      [`Content-Type: ${SDP['Content-Type']}`, `Content-Length: ${body.length}`],
      body,
    );
    stream.write(outer.bytes);
    const refused = await stream.final(outer.callId);
    stream.write(ackOf(outer.bytes, refused));
    expect(await probe(stream)).toBe(200);
    const invites = callee.heard.filter(({ method }: WireMessage) => method === 'INVITE');
    expect(invites).toHaveLength(1);
    expect(invites[0]?.body).toBe(body.toString('latin1'));
    expect(stream.heard.filter((answer) => headerOf(answer, 'call-id') === inner.callId)).toEqual([]);
  });

  it('one byte at a time is a request as well', async () => {
    const { callId, bytes } = request('OPTIONS', stream, ['Content-Length: 0']);
    for (const byte of bytes) {
      stream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await stream.final(callId)).status).toBe(200);
    expect(readWire(bytes).method).toBe('OPTIONS');
  });

  it('peers that send a byte now and then hold their connections for 5 s, and keep nobody else out', async () => {
    const host = '127.44.75.2';
    const slow = await Promise.all(
      Array.from({ length: CONNECTIONS_PER_HOST + 20 }, () => WireStream.open(control.sipPort, host)),
    );
    for (const each of slow) each.write('INVITE sip:1000@');
    await eventually(
      'those beyond the limit are closed',
      () => slow.filter(({ isClosed }) => isClosed).length >= 20,
    );
    const dribble = setInterval(() => {
      for (const each of slow) if (!each.isClosed) each.write('a');
    }, 250);
    expect(await probe(stream)).toBe(200);
    const other = await WireStream.open(control.sipPort);
    expect(await probe(other)).toBe(200);
    other.close();
    await eventually('all are closed', () => slow.every(({ isClosed }) => isClosed), 3 * MESSAGE_DEADLINE_MS);
    clearInterval(dribble);
    for (const each of slow) each.close();
    const again = await WireStream.open(control.sipPort, host);
    expect(await probe(again)).toBe(200);
    again.close();
  });

  it('leave no call behind and no fault in the log', async () => {
    const rest = new Rest(control.http);
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    expect(
      control.child.lines.filter((line) => /"level":"(error|fatal)"|Unhandled|Uncaught/.test(line)),
    ).toEqual([]);
  });
});
