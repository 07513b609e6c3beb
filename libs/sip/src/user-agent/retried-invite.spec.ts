import { ANSWER, OFFER, TwoUserAgents } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';

type Refusal = readonly [status: number, headers: readonly (readonly [string, string])[]];

const SUPPORTED = ['100rel'];
const start = () =>
  TwoUserAgents.start({
    alice: { supported: SUPPORTED, runner: { sessionTimer: { intervalS: 1800, minSeS: 90 } } },
    bob: { supported: SUPPORTED },
  });

/** Bob refuses so often, one after the other, and takes what comes after. */
function refuse(w: TwoUserAgents, refusals: readonly Refusal[]): SipRequest[] {
  const { core } = w.bob;
  const take = core.onRequest;
  const seen: SipRequest[] = [];
  core.onRequest = (transaction) => {
    const refusal = refusals[seen.length];
    seen.push(transaction.request);
    if (!refusal) {
      take(transaction);
      return;
    }
    const [status, headers] = refusal;
    transaction.respond(SipResponse.to(transaction.request, status, { toTag: 'x', headers }));
  };
  return seen;
}

const inShort = ({ callId, cseq, headers }: SipRequest) => ({
  callId,
  cseq: cseq.number,
  supported: headers.get('Supported'),
  timer: headers.has('Session-Expires'),
});

describe('an INVITE that is refused for what it asks (§8.1.3.5)', () => {
  it('goes out again without the extensions that a 420 names, one after the other', async () => {
    const w = await start();
    const seen = refuse(w, [
      [420, [['Unsupported', '100rel']]],
      [420, [['Unsupported', 'TIMER']]],
    ]);
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(200);
    const callId = seen[0]?.callId;
    expect(seen.map(inShort)).toEqual([
      { callId, cseq: 1, supported: '100rel, timer', timer: true },
      { callId, cseq: 2, supported: 'timer', timer: true },
      { callId, cseq: 3, supported: undefined, timer: false },
    ]);
    w.bob.call.usage.accept(ANSWER);
    w.run();
    expect(a.told).toEqual(['accepted INVITE']);
  });

  it.each<[string, Refusal]>([
    ['a 420 that names nothing', [420, []]],
    ['a 420 that names what was not asked for', [420, [['Unsupported', '100rel, gruu']]]],
    ['a 413: its description is as short as it can be, whenever', [413, [['Retry-After', '1']]]],
    ['a 494: no security agreement is made with anybody (RFC 3329)', [494, [['Security-Server', 'tls']]]],
  ])('does not after %s', async (_what, refusal) => {
    const w = await start();
    const seen = refuse(w, [refusal]);
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(5_000);
    expect(seen).toHaveLength(1);
    expect(a.told).toEqual([`refused INVITE ${refusal[0]}`, 'ended refused']);
  });

  it('does not after a 416, because who asked for sips: shall not get sip: (§26.2.2)', async () => {
    const w = await start();
    const seen = refuse(w, [[416, []]]);
    const a = w.alice.invite('sips:bob@192.0.2.2', OFFER, { target: { host: '192.0.2.2', port: 5060 } });
    w.run(200);
    expect(seen.length).toBeLessThanOrEqual(1);
    expect(a.hasEnded).toBe(true);
  });

  it('does not for ever: what is refused again for the same reason is refused', async () => {
    const w = await start();
    const again: Refusal = [420, [['Unsupported', '100rel']]];
    const seen = refuse(w, [again, again, again]);
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(200);
    expect(seen).toHaveLength(2);
    expect(a.told).toEqual(['refused INVITE 420', 'ended refused']);
  });
});
