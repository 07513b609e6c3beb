import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../conformance/rfc4475/outcomes-over-udp';
import { OUTCOMES_OVER_UDP } from '../conformance/rfc4475/outcomes-over-udp';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import type { WireMessage } from './support/wire-message';
import { headerOf, headersOf, readWire } from './support/wire-message';
import { WirePeer, ackOf, answerTo } from './support/wire-peer';

const FOLDER = join(__dirname, '../fixtures/rfc4475');
/** The messages ask to be answered at port 5060 of where they came from: an address of loopback that is nobody else's. */
const [HOST, PORT] = ['127.44.75.1', 5060];
const BUSY = 486;

/** What an answer has to say beside its status. */
const WHAT_IT_SAYS: Readonly<Record<string, readonly [header: string, text: string]>> = {
  intmeth: ['allow', 'INVITE'],
  mpart01: ['allow', 'INVITE'],
  bext01: ['unsupported', 'nothingSupportsThis, nothingSupportsThisEither'],
  invut: ['accept', 'application/sdp'],
  escnull: ['contact', '<sip:%00'],
  dblreq: ['call-id', 'dblreq.0ha0isndaksdj99sdfafnl3lk233412'],
  cparam01: ['contact', '<sip:+19725552222@gw1.example.net>'],
  cparam02: ['contact', '<sip:+19725552222@gw1.example.net;unknownparam>'],
  regescrt: ['contact', '?Route=%3Csip:sip.example.com%3E>'],
};

/** They share the top Via of another message and would be taken for its retransmission. */
const SHARED_VIA: readonly string[] = ['cparam02', 'novelsc', 'regescrt'];

function load(file: string): Buffer {
  const bytes = readFileSync(join(FOLDER, `${file}.dat`));
  if (!SHARED_VIA.includes(file)) return bytes;
  return Buffer.from(bytes.toString('latin1').replace('branch=z9hG4bK', `branch=z9hG4bK${file}`), 'latin1');
}

describe('the messages of RFC 4475 in datagrams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-rfc4475-'));
  let control: ControlPlane;
  let rest: Rest;
  let peer: WirePeer;
  let callee: WirePeer;

  beforeAll(async () => {
    callee = await WirePeer.open(0);
    callee.onRequest = (request) => (request.method === 'INVITE' ? answerTo(request, BUSY) : undefined);
    const routes = join(folder, 'routes.json');
    writeFileSync(routes, JSON.stringify({ routes: [{ number: '*', to: callee.uri, mode: 'direct' }] }));
    control = await startControlPlane({ LEGATO_ROUTES: routes });
    rest = new Rest(control.http);
    peer = await WirePeer.open(control.sipPort, HOST, PORT);
  }, 60_000);

  afterAll(async () => {
    await peer?.close();
    await callee?.close();
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** Sends a message, and an OPTIONS behind it: what is answered at once has been answered when that is. */
  async function finalAnswer(file: string, outcome?: Outcome): Promise<WireMessage | undefined> {
    const bytes = load(file);
    const before = peer.heard.length;
    callee.heard.length = 0;
    peer.send(bytes);
    await peer.isAlive();
    const isCall = readWire(bytes).method === 'INVITE' && outcome !== 'nothing';
    const final = () =>
      peer.heard.slice(before).find(({ status, headers }) => status >= 200 && !isProbe(headers));
    const answer = final() ?? (isCall ? await eventually('a final response', final, 5_000) : undefined);
    if (answer && isCall) peer.send(ackOf(bytes, answer));
    return answer;
  }

  const isProbe = (headers: WireMessage['headers']): boolean =>
    headers.some(([name, value]) => name === 'call-id' && value.startsWith('wire-'));

  it('has an outcome for every message of the archive', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.dat'));
    expect(OUTCOMES_OVER_UDP.map(([file]) => `${file}.dat`).sort()).toEqual(files.sort());
  });

  it.each(OUTCOMES_OVER_UDP)('%s (§%s): %j: %s', async (file, _section, outcome) => {
    const answer = await finalAnswer(file, outcome);
    if (outcome === 'nothing') expect(answer?.startLine).toBeUndefined();
    else if (outcome === 'callee') expect(answer?.status).toBe(BUSY);
    else expect([outcome].flat()).toContain(answer?.status);
    expect(callee.heard.filter(({ method }) => method === 'INVITE')).toHaveLength(
      outcome === 'callee' ? 1 : 0,
    );
    const [name, text] = WHAT_IT_SAYS[file] ?? ['call-id', ''];
    if (answer) expect(headerOf(answer, name)).toContain(text);
    expect(await peer.isAlive()).toBeLessThan(1_000);
  });

  it('copies Via, From, Call-ID and CSeq of a request that it refuses (RFC 3261 §8.2.6.2)', async () => {
    const answer = await finalAnswer('bext01');
    const request = readWire(load('bext01'));
    for (const name of ['from', 'call-id', 'cseq'])
      expect(headerOf(answer!, name)).toBe(headerOf(request, name));
    expect(headersOf(answer!, 'via')).toHaveLength(headersOf(request, 'via').length);
    expect(headerOf(answer!, 'via')).toContain(`received=${HOST}`);
  });

  it('answers the same to a request of RFC 2543 that comes again (§17.2.3)', async () => {
    callee.heard.length = 0;
    const bytes = Buffer.from(load('inv2543').toString('latin1').replace('inv2543.1717', 'again'), 'latin1');
    const answers = () => peer.heard.filter((answer) => headerOf(answer, 'call-id').startsWith('again'));
    const finals = () => answers().filter(({ status }) => status === BUSY);
    peer.send(bytes);
    await eventually('a final response', () => finals().length > 0);
    const before = finals().length;
    peer.send(bytes);
    await eventually('the same again', () => finals().length > before);
    peer.send(ackOf(bytes, finals()[0]!));
    expect(new Set(finals().map((answer) => headerOf(answer, 'to')))).toHaveProperty('size', 1);
    expect(callee.heard.filter(({ method }) => method === 'INVITE')).toHaveLength(1);
  });

  it('leaves no call behind and no fault in the log', async () => {
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    expect(
      control.child.lines.filter((line) => /"level":"(error|fatal)"|Unhandled|Uncaught/.test(line)),
    ).toEqual([]);
  });
});
