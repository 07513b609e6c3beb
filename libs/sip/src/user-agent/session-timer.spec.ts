import { randomIds, reachableStates } from '@legato/kernel';
import { ANSWER, buildRequest, NOTHING_HELD, OFFER, sdp, TwoUserAgents } from '@legato/testing';
import type { TwoUserAgentsOptions } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { sessionTimerMachine } from './session-timer.machine';
import { UserAgentCore } from './user-agent-core';

const timers = (intervalS = 1800, minSeS = 90) => ({
  supported: ['timer'],
  runner: { supported: [], sessionTimer: { intervalS, minSeS } },
});
const NO_UPDATE = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO'];
const BOTH: TwoUserAgentsOptions = { alice: timers(), bob: timers() };
const S = 1000;

/** Runs `seconds` in steps, so that answers come in between. */
function pass(w: TwoUserAgents, seconds: number): void {
  w.clock.advance(seconds * S);
}

const headerOf = (
  w: TwoUserAgents,
  who: 'alice' | 'bob',
  wanted: string,
  name: string,
): string | undefined => {
  const { sent } = who === 'alice' ? w.alicesTransport : w.bobsTransport;
  const of = (message: SipRequest | SipResponse) =>
    message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`;
  return sent.findLast(({ message }) => of(message) === wanted)?.message.headers.get(name);
};

describe('session timers (RFC 4028)', () => {
  it('are negotiated by INVITE and 2xx, the refresher takes UPDATE at half time (§7.1, §7.4, §9)', async () => {
    const w = await TwoUserAgents.start(BOTH);
    const { a, b } = w.connect();
    expect(headerOf(w, 'alice', 'INVITE', 'Session-Expires')).toBe('1800');
    expect(headerOf(w, 'alice', 'INVITE', 'Supported')).toBe('timer');
    expect(headerOf(w, 'bob', '200 INVITE', 'Session-Expires')).toBe('1800;refresher=uas');
    expect(headerOf(w, 'bob', '200 INVITE', 'Require')).toBe('timer');
    pass(w, 899);
    expect(w.ladder()).toEqual([]);
    pass(w, 2);
    expect(w.ladder()).toEqual(['B UPDATE', 'A 200 OK']);
    expect(headerOf(w, 'bob', 'UPDATE', 'Session-Expires')).toBe('1800;refresher=uac');
    expect(headerOf(w, 'alice', '200 UPDATE', 'Session-Expires')).toBe('1800;refresher=uac');
    pass(w, 4 * 3600);
    expect([a.told, b.told]).toEqual([[], []]);
    expect(w.ladder()).toHaveLength(2 * 16);
    a.usage.bye();
    w.run();
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('are refreshed by re-INVITE with the same description where the peer knows no UPDATE (§7.4)', async () => {
    const w = await TwoUserAgents.start({ alice: timers(), bob: { ...timers(), allow: NO_UPDATE } });
    w.alice.invite(w.bob.uri, OFFER, { headers: [['Allow', NO_UPDATE.join(', ')]] });
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    w.alice.call.usage.acknowledge();
    w.run();
    w.ladder();
    w.bob.onEvent = (call, event) => {
      if (event.type === 're-INVITE') call.usage.answerReinvite(event.transactionKey, 200, ANSWER);
    };
    expect(w.bob.call.usage.state.session?.state).toBe('Watcher');
    pass(w, 901);
    expect(w.ladder()).toEqual(['A INVITE', 'B 200 OK', 'A ACK']);
    expect(Buffer.from(w.bob.call.last('re-INVITE').request.body).toString()).toBe('v=0 offer');
    expect(w.alice.call.told).toEqual(['accepted INVITE']);
    expect(headerOf(w, 'bob', '200 INVITE', 'Session-Expires')).toBe('1800;refresher=uac');
  });

  it('are ours alone when the peer knows none of them (§7.2, §9)', async () => {
    for (const end of ['alice', 'bob'] as const) {
      const w = await TwoUserAgents.start({ [end]: timers() });
      const { a, b } = w.connect();
      const other = end === 'alice' ? b : a;
      const answer = (call: typeof a) => call.usage.respond(call.last('request').transactionKey, 200);
      pass(w, 900.2);
      expect(w.ladder()).toEqual([end === 'alice' ? 'A UPDATE' : 'B UPDATE']);
      answer(other);
      w.run();
      pass(w, 900);
      expect(w.ladder().at(-1)).toBe(end === 'alice' ? 'A UPDATE' : 'B UPDATE');
    }
  });

  it('end the session before the interval does when no refresh came: BYE at the end less the smaller of 32 s and a third (§10)', async () => {
    const w = await TwoUserAgents.start(BOTH);
    const { a, b } = w.connect();
    w.lose = () => true;
    pass(w, 1_767);
    expect(a.hasEnded).toBe(false);
    pass(w, 1);
    expect(w.ladder().filter((line) => line === 'A BYE')).toHaveLength(1);
    pass(w, 33);
    expect([a.told, b.told]).toEqual([['ended dialog lost'], ['ended dialog lost']]);
    const short = await TwoUserAgents.start({ alice: timers(90), bob: timers(90) });
    const { a: watcher } = short.connect();
    short.lose = () => true;
    expect((watcher.usage.state.timers['session expiry'] ?? 0) - short.clock.wallTime()).toBeGreaterThan(
      59_000,
    );
    expect((watcher.usage.state.timers['session expiry'] ?? 0) - short.clock.wallTime()).toBeLessThanOrEqual(
      60_000,
    );
  });

  it('hang up when the refresh times out (§10)', async () => {
    const w = await TwoUserAgents.start(BOTH);
    const { b } = w.connect();
    w.lose = (text) => text.startsWith('UPDATE');
    pass(w, 900 + 33);
    expect(b.told).toEqual(['ended dialog lost']);
  });

  it('try again when the refresh is refused for the moment (§10)', async () => {
    const w = await TwoUserAgents.start({ bob: timers() });
    const { a, b } = w.connect();
    pass(w, 901);
    a.usage.respond(a.last('request').transactionKey, 503);
    w.run();
    pass(w, 10);
    expect(a.told).toEqual(['request UPDATE', 'request UPDATE']);
    expect(b.told).toEqual([]);
  });

  it('try an INVITE again with the interval of a 422, the same Call-ID and tag and the next CSeq (§7.3)', async () => {
    const w = await TwoUserAgents.start({ alice: timers(100), bob: timers() });
    const receive = w.bob.core.onRequest;
    const refusal = (request: SipRequest) =>
      SipResponse.to(request, 422, { toTag: 'x', headers: [['Min-SE', '600']] });
    w.bob.core.onRequest = (transaction) => {
      if (transaction.request.cseq.number === 1) {
        transaction.respond(refusal(transaction.request));
        return;
      }
      receive(transaction);
    };
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(100);
    expect(w.ladder()).toEqual(['A INVITE', 'B 422 Session Interval Too Small', 'A ACK', 'A INVITE']);
    const invites = w.alicesTransport.sent
      .map(({ message }) => message as SipRequest)
      .filter(({ method }) => method === 'INVITE');
    const parts = invites.map(({ callId, from, cseq, headers, body }) => ({
      callId,
      tag: from.tag,
      number: cseq.number,
      session: headers.get('Session-Expires'),
      least: headers.get('Min-SE'),
      body: Buffer.from(body).toString(),
    }));
    expect(parts[1]).toEqual({ ...parts[0], number: 2, session: '600', least: '600' });
    w.bob.call.usage.accept(ANSWER);
    w.run();
    a.usage.acknowledge();
    w.run();
    expect([a.told, w.bob.call.told]).toEqual([['accepted INVITE'], ['acknowledged INVITE']]);
    a.usage.bye();
    w.run();
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('do not try an INVITE again that was cancelled, nor for ever (§7.3)', async () => {
    for (const [cancels, invites, told] of [
      [true, 1, 'refused INVITE 487'],
      [false, 3, 'refused INVITE 422'],
    ] as const) {
      const w = await TwoUserAgents.start({ alice: timers(100) });
      let least = 600;
      w.bob.core.onRequest = (transaction) => {
        const headers = [['Min-SE', String(least++)]] as const;
        transaction.respond(SipResponse.to(transaction.request, 422, { toTag: 'x', headers }));
      };
      const a = w.alice.invite(w.bob.uri, OFFER);
      if (cancels) a.usage.cancel();
      w.run(300);
      expect(w.ladder().filter((line) => line === 'A INVITE')).toHaveLength(invites);
      expect(a.told[0]).toBe(told);
      expect(a.hasEnded).toBe(true);
    }
  });

  it('give up on a 422 that asks for nothing new (§7.3)', async () => {
    const w = await TwoUserAgents.start({ alice: timers(), bob: timers() });
    w.bob.core.onRequest = (transaction) =>
      void transaction.respond(
        SipResponse.to(transaction.request, 422, { toTag: 'x', headers: [['Min-SE', '90']] }),
      );
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(100);
    expect(a.told).toEqual(['refused INVITE 422', 'ended refused']);
  });

  it('refuse an interval below ours with 422 and Min-SE, not that of a caller who could do nothing about it (§8.1, §9)', async () => {
    const w = await TwoUserAgents.start();
    const core = new UserAgentCore({
      clock: w.clock,
      layer: w.bob.layer,
      ids: randomIds,
      allow: ['INVITE'],
      supported: ['timer'],
      accept: [],
      minSeS: 300,
    });
    let taken = 0;
    core.onRequest = () => void taken++;
    const from = { host: '192.0.2.1', port: 5060 };
    w.bobsTransport.inject(
      buildRequest({
        headers: [
          ['Session-Expires', '200'],
          ['Supported', 'timer'],
        ],
      }),
      from,
    );
    const refusal = w.bobsTransport.sent.at(-1)?.message as SipResponse;
    expect([refusal.status, refusal.headers.get('Min-SE')]).toEqual([422, '300']);
    w.bobsTransport.inject(buildRequest({ headers: [['Session-Expires', '200']] }), from);
    w.bobsTransport.inject(
      buildRequest({
        headers: [
          ['Session-Expires', '300'],
          ['Supported', 'timer'],
        ],
      }),
      from,
    );
    expect(taken).toBe(2);
  });

  it('go on after a restart and refresh once', async () => {
    const w = await TwoUserAgents.start(BOTH);
    const { b } = w.connect();
    pass(w, 600);
    const state = JSON.parse(JSON.stringify(b.usage.state)) as typeof b.usage.state;
    await w.bob.stop();
    w.bob.runner.forget([state.id]);
    await w.bob.start();
    w.bob.restore(state);
    pass(w, 301);
    expect(w.ladder()).toEqual(['B UPDATE', 'A 200 OK']);
  });

  it('stop with the BYE', async () => {
    const w = await TwoUserAgents.start(BOTH);
    const { b } = w.connect();
    w.lose = () => true;
    b.usage.bye();
    expect(Object.keys(b.usage.state.timers)).not.toContain('session refresh');
    expect(Object.keys(b.usage.state.timers)).not.toContain('session expiry');
  });

  it('are refreshed by us when a proxy asked for a caller that knows none of them (§9 table 2)', async () => {
    const w = await TwoUserAgents.start({ bob: { ...timers(), allow: NO_UPDATE } });
    const headers = [
      ['Session-Expires', '1200'],
      ['Allow', NO_UPDATE.join(', ')],
    ] as const;
    w.alice.invite(w.bob.uri, OFFER, { headers });
    w.run();
    w.bob.call.usage.accept(ANSWER);
    expect(headerOf(w, 'bob', '200 INVITE', 'Session-Expires')).toBe('1200;refresher=uas');
    expect(headerOf(w, 'bob', '200 INVITE', 'Require')).toBeUndefined();
  });

  it('leave the description of a refused re-INVITE out of the next refresh', async () => {
    const w = await TwoUserAgents.start({ alice: timers(), bob: { ...timers(), allow: NO_UPDATE } });
    const { a } = w.connect();
    w.bob.onEvent = (call, event) => {
      if (event.type === 're-INVITE') call.usage.answerReinvite(event.transactionKey, 488);
    };
    a.usage.reinvite(sdp('v=0 refused'));
    w.run(100);
    expect(Buffer.from(a.usage.state.localBody?.latin1 ?? '', 'latin1').toString()).toBe('v=0 offer');
  });

  it('reach every state of their machine', () => {
    expect([...reachableStates(sessionTimerMachine, 'Off')].sort()).toEqual(
      Object.keys(sessionTimerMachine).sort(),
    );
  });
});
