import type { SipMessage } from '@legato/sip';
import { parseDatagram, SipRequest } from '@legato/sip';
import type { FlowPeer } from '../../flow/support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD } from '../../flow/support/flow-world';
import type { Parties, ProtosCase } from './cases';
import { PROTOS_CASES } from './cases';

/** What the test suite PROTOS c07-sip has. */
const CASES_OF_C07 = 4_527;
const PARTIES: Parties = {
  host: '192.0.2.2',
  port: 5060,
  number: '1000',
  server: `${LEGATO.host}:${LEGATO.port}`,
};
const LIMIT_MS = 5;
const MOST_ATTEMPTS = 50;

const elements = [...new Set(PROTOS_CASES.map(({ element }) => element))];

/** Parser, transactions, user agent core and calls, in this process; the callee is busy. */
describe('cases in the manner of PROTOS c07-sip (RFC 3261 §26.3)', () => {
  let world: FlowWorld;
  let callee: FlowPeer;
  let serial = 0;
  let refused = 0;
  const outcomes = new Map<string, number>();

  beforeAll(async () => {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } } });
    callee = world.peer('bob', '192.0.2.3', 5060);
    const { transport } = world;
    const send = transport.send.bind(transport);
    // A malformed request is answered with what can be read of it, which makes no whole response (RFC 3261 §8.2.6.2).
    transport.send = (message, to, onError) => {
      if (Buffer.isBuffer(message) && isStateless400(message)) refused += 1;
      else send(message, to, onError);
    };
  });

  /** What becomes of a case: its final status, how far it got, or that nothing was said. */
  function outcomeOf(bytes: Buffer): string {
    world.transport.take();
    callee.inbox.length = 0;
    refused = 0;
    world.transport.inject(bytes, { host: PARTIES.host, port: PARTIES.port });
    const reached = callee.inbox.some((message) => message.kind === 'request' && message.method === 'INVITE');
    if (reached) callee.respond(callee.request('INVITE'), 486);
    const said = world.transport.take().filter(isFinal);
    for (const final of said)
      world.transport.inject(ackOf(final), { host: PARTIES.host, port: PARTIES.port });
    if (refused > 0) return '400';
    return said.length === 0 ? 'silence' : reached ? 'reached the callee' : String(statusOf(said[0]));
  }

  /** The best of some attempts, each a call of its own, by the clock or by processor time: what it takes, not how busy the machine is. */
  function costMs(each: ProtosCase): number {
    let best = Infinity;
    for (let attempt = 0; attempt < MOST_ATTEMPTS && best >= LIMIT_MS; attempt += 1) {
      const bytes = each.bytes(PARTIES, (serial += 1));
      const start = performance.now();
      const before = process.cpuUsage();
      const outcome = outcomeOf(bytes);
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, performance.now() - start, (user + system) / 1000);
      if (attempt === 0) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    return best;
  }

  it('are as many as there, each another one', () => {
    expect(PROTOS_CASES.length).toBeGreaterThanOrEqual(CASES_OF_C07);
    const names = new Set(PROTOS_CASES.map(({ element, anomaly }) => `${element}: ${anomaly}`));
    expect(names.size).toBe(PROTOS_CASES.length);
  });

  it.each(elements)(
    'with anomalies of the %s are answered or dropped, each within 5 ms of work',
    (element) => {
      const slow: string[] = [];
      for (const each of PROTOS_CASES) {
        if (each.element === element && costMs(each) >= LIMIT_MS) slow.push(each.anomaly);
      }
      expect(slow).toEqual([]);
      expect(world.errors).toEqual([]);
      expect(world.layer.counters().userFailures).toBe(0);
      // Whoever asks next is served.
      world.clock.advance(1);
    },
  );

  it('are refused, dropped or carried out, and leave nothing behind', () => {
    expect(world.settle()).toEqual(NOTHING_HELD);
    const statuses = [...outcomes.keys()].map(Number).filter((status) => !Number.isNaN(status));
    expect(statuses.every((status) => status >= 400 && status < 600)).toBe(true);
    expect(outcomes.get('400')).toBeGreaterThan(1_000);
    expect(outcomes.get('reached the callee')).toBeGreaterThan(1_000);
    expect(outcomes.get('silence')).toBeGreaterThan(0);
  });
});

const isStateless400 = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, 12) === 'SIP/2.0 400 ' && !parseDatagram(bytes).ok;
/** Of a refusal (RFC 3261 §17.1.1.3). */
function ackOf(final: SipMessage): SipRequest {
  const headers = final.headers.clone();
  headers.set('CSeq', `${final.cseq.number} ACK`);
  return new SipRequest('ACK', 'sip:1000@192.0.2.1', headers);
}

const statusOf = (message: SipMessage | undefined): number =>
  message?.kind === 'response' ? message.status : 0;
const isFinal = (message: SipMessage): boolean => statusOf(message) >= 200;
