import {
  FakeClock,
  MemoryNetwork,
  RecordingClientUser,
  RecordingTransactionUser,
  buildRequest,
  seededRandom,
} from '@legato/testing';
import fc from 'fast-check';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from './transaction-layer';
import type { ServerTransaction } from './transaction-user';

const NOTHING = { inviteClient: 0, inviteServer: 0, nonInviteClient: 0, nonInviteServer: 0 };
const methods = ['INVITE', 'INFO', 'BYE', 'OPTIONS'] as const;

interface Plan {
  readonly method: (typeof methods)[number];
  readonly answers: readonly { readonly afterMs: number; readonly status: number }[];
  readonly cancelAfterMs: number | null;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  method: fc.constantFrom(...methods),
  answers: fc.array(
    fc.record({
      afterMs: fc.nat(6_000),
      status: fc.constantFrom(100, 180, 183, 200, 202, 302, 408, 486, 487, 503, 603),
    }),
    { maxLength: 4 },
  ),
  cancelAfterMs: fc.option(fc.nat(6_000)),
});

const network = fc.record({
  seed: fc.nat(),
  lossRate: fc.constantFrom(0, 0.1, 0.4),
  latencyMs: fc.constantFrom(0, 30, 700),
  reliable: fc.boolean(),
});

/** Runs the plans between two layers until every timer of the RFC has had its time. */
function run(
  plans: readonly Plan[],
  {
    seed,
    lossRate,
    latencyMs,
    reliable,
  }: { seed: number; lossRate: number; latencyMs: number; reliable: boolean },
) {
  const clock = new FakeClock();
  const random = seededRandom(seed);
  const net = new MemoryNetwork(clock, { latencyMs, lose: () => !reliable && random() < lossRate });
  const protocol = reliable ? 'TCP' : 'UDP';
  const client = new TransactionLayer({
    clock,
    transports: [net.transport({ host: '192.0.2.1', port: 5060 }, { protocol })],
  });
  const server = new TransactionLayer({
    clock,
    transports: [net.transport({ host: '192.0.2.2', port: 5060 }, { protocol })],
  });
  const byCallId = new Map(plans.map((each, i) => [`call-${i}`, each]));
  const bob = new RecordingTransactionUser((request, transaction) => {
    const last = { afterMs: 7_000, status: 480 };
    for (const each of [...(byCallId.get(request.callId)?.answers ?? []), last]) {
      clock.schedule(each.afterMs, () => answer(transaction, each.status));
      if (each.status >= 200 && each.status < 300)
        repeat(clock, each, () => answer(transaction, each.status));
    }
  });
  server.user = bob;
  void client.start();
  void server.start();
  const users = plans.map(({ method, cancelAfterMs }, i) => {
    const user = new RecordingClientUser();
    const request = buildRequest({
      method,
      vias: [],
      callId: `call-${i}`,
      requestUri: `sip:bob@192.0.2.2;transport=${protocol.toLowerCase()}`,
    });
    const transaction = client.sendRequest(request, user);
    if (cancelAfterMs !== null) clock.schedule(cancelAfterMs, () => transaction.cancel());
    return user;
  });
  clock.advance(200_000);
  return { clock, client, server, bob, users };
}

/** A 2xx is its core's to send again (§13.3.1.4), here often enough that no loss takes them all. */
function repeat(clock: FakeClock, { afterMs }: { afterMs: number }, send: () => void): void {
  for (let copy = 1; copy < 64; copy += 1) clock.schedule(afterMs + copy * 500, send);
}

function answer(transaction: ServerTransaction | undefined, status: number): void {
  transaction?.respond(SipResponse.to(transaction.request, status, { toTag: 'bob' }));
}

describe('transactions under any plan and any network', () => {
  it('tell each user the end once, each request to the core once, and leave nothing behind (§17)', () => {
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 5 }), network, (plans, conditions) => {
        const { clock, client, server, bob, users } = run(plans, conditions);
        for (const user of users) {
          const finals = user.statuses.filter((status) => status >= 200);
          const ends = Math.min(finals.length, 1) + user.timeouts + user.errors.length;
          expect(ends).toBe(1);
          if (finals.length > 1) expect(finals.every((status) => status < 300)).toBe(true);
        }
        const seen = bob.requests.filter((each) => each.transaction).map((each) => each.request.callId);
        expect(new Set(seen).size).toBe(seen.length);
        expect([client.counts(), server.counts()]).toEqual([NOTHING, NOTHING]);
        expect(clock.armed).toBe(0);
        expect([client.counters().userFailures, server.counters().userFailures]).toEqual([0, 0]);
      }),
      { numRuns: 150 },
    );
  });
});
