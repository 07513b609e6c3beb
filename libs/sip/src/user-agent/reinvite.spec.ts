import { ANSWER, buildRequest, NOTHING_HELD, OFFER, sdp, TwoUserAgents } from '@legato/testing';
import type { SipResponse } from '../message/sip-response';

describe('re-INVITE', () => {
  it('modifies the session and refreshes both targets (§14, RFC 6141 §4)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    const { transactionKey, request } = b.last('re-INVITE');
    expect(request.headers.get('Contact')).toBe('<sip:alice@192.0.2.1:5060>');
    b.usage.answerReinvite(transactionKey, 200, ANSWER);
    w.run();
    a.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 200 OK', 'A ACK']);
    expect(a.told).toEqual(['accepted re-INVITE']);
    expect(b.told).toEqual(['re-INVITE', 'acknowledged re-INVITE']);
    a.usage.bye();
    w.run();
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('sends its 200 again until the ACK comes, and gives up after 64*T1 (§13.3.1.4, §14.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run(32_100);
    expect(w.ladder().filter((line) => line === 'B 200 OK')).toHaveLength(11);
    expect(b.told).toEqual(['re-INVITE', 'no ack re-INVITE']);
  });

  it('works from the callee as well, with the offer in the 200 and the answer in the ACK (§14.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    b.usage.reinvite();
    w.run();
    a.usage.answerReinvite(a.last('re-INVITE').transactionKey, 200, OFFER);
    w.run();
    expect(Buffer.from(b.last('accepted').response.body).toString()).toBe('v=0 offer');
    b.usage.acknowledge(ANSWER);
    w.run();
    expect(Buffer.from(a.last('acknowledged').body?.bytes ?? []).toString()).toBe('v=0 answer');
  });

  it('leaves the session as it was when it is refused (§14.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    const { remoteTarget } = b.usage.state.dialog ?? {};
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 488);
    w.run();
    expect(a.told).toEqual(['refused re-INVITE 488']);
    expect([a.usage.state.phase, b.usage.state.phase]).toEqual(['Established', 'Established']);
    expect(b.usage.state.dialog?.remoteTarget).toBe(remoteTarget);
  });

  it.each([481, 408])('ends the dialog when it is answered %i (§14.1, §12.2.1.2)', async (status) => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    w.ladder();
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, status);
    w.run(100);
    expect(w.ladder().slice(1)).toEqual(['A ACK', 'A BYE', 'B 200 OK']);
    expect(a.told).toEqual([`refused re-INVITE ${status}`, 'ended dialog lost']);
  });

  it('ends the dialog when nobody answers it (§14.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a } = w.connect();
    w.lose = () => true;
    a.usage.reinvite(OFFER);
    w.run(65_000);
    expect(a.told).toEqual(['refused re-INVITE 408', 'ended dialog lost']);
  });

  it('cancels one that got a provisional response and then nothing', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run(64_500);
    expect(w.ladder()).toEqual([
      'A INVITE',
      'B 100 Trying',
      'A CANCEL',
      'B 200 OK',
      'B 487 Request Terminated',
      'A ACK',
    ]);
    expect(a.told).toEqual(['refused re-INVITE 487']);
    expect(b.told).toEqual(['re-INVITE']);
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    expect(w.ladder()).toEqual([]);
  });

  it('meets glare: 491 both ways, the callee tries again first, then the caller (§14.1, §14.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    b.usage.reinvite(OFFER);
    w.run(20);
    expect(w.ladder().filter((line) => line.includes('491'))).toEqual([
      'B 491 Request Pending',
      'A 491 Request Pending',
    ]);
    w.alice.onEvent = (call, event) => {
      if (event.type === 're-INVITE') call.usage.answerReinvite(event.transactionKey, 200, ANSWER);
      if (event.type === 'accepted') call.usage.acknowledge();
    };
    w.bob.onEvent = w.alice.onEvent;
    w.run(2_050);
    expect([a.told, b.told]).toEqual([['re-INVITE', 'acknowledged re-INVITE'], ['accepted re-INVITE']]);
    w.run(2_050);
    expect(a.told.slice(2)).toEqual(['accepted re-INVITE']);
    expect(b.told.slice(1)).toEqual(['re-INVITE', 'acknowledged re-INVITE']);
  });

  it.each([
    ['caller, who owns the Call-ID', 'a', 2_100, 4_000],
    ['callee', 'b', 0, 2_000],
  ] as const)('waits as the %s should after a 491 (§14.1)', async (_who, end, leastMs, mostMs) => {
    const delays: number[] = [];
    for (let i = 0; i < 40; i++) {
      const w = await TwoUserAgents.start();
      const calls = w.connect();
      const [ours, theirs] = end === 'a' ? [calls.a, calls.b] : [calls.b, calls.a];
      ours.usage.reinvite(OFFER);
      w.run(10);
      theirs.usage.answerReinvite(theirs.last('re-INVITE').transactionKey, 491);
      w.run(10);
      delays.push((ours.usage.state.timers.glare ?? w.clock.wallTime()) - w.clock.wallTime());
    }
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(leastMs);
    expect(Math.max(...delays)).toBeLessThanOrEqual(mostMs);
    expect(delays.every((delay) => delay % 10 === 0)).toBe(true);
    expect(new Set(delays).size).toBeGreaterThan(10);
  });

  it('gives up when a peer answers 491 for ever', async () => {
    const w = await TwoUserAgents.start();
    const { a } = w.connect();
    w.bob.onEvent = (call, event) => {
      if (event.type === 're-INVITE') call.usage.answerReinvite(event.transactionKey, 491);
    };
    a.usage.reinvite(OFFER);
    w.run(60_000);
    expect(a.told).toEqual(['refused re-INVITE 491']);
  });

  it('gets 500 with Retry-After while the first is unanswered (§14.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    const { dialog } = a.usage.state;
    const second = buildRequest({
      callId: dialog?.sipCallId ?? '',
      fromTag: dialog?.localTag ?? '',
      toTag: dialog?.remoteTag ?? '',
      cseq: (dialog?.localCSeq ?? 0) + 1,
      requestUri: 'sip:bob@192.0.2.2',
    });
    w.ladder();
    w.bobsTransport.inject(second, { host: '192.0.2.1', port: 5060 });
    const [refusal] = w.bobsTransport.sent.slice(-1);
    expect(refusal?.message).toMatchObject({ status: 500 });
    const retryAfter = Number((refusal?.message as SipResponse).headers.get('Retry-After'));
    expect(retryAfter).toBeGreaterThanOrEqual(0);
    expect(retryAfter).toBeLessThanOrEqual(10);
    expect(b.told).toEqual(['re-INVITE']);
  });

  it('waits for the ACK of the first INVITE before it goes out, and for each other (§14.1)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    const b = w.bob.call;
    b.usage.accept(ANSWER);
    b.usage.reinvite(OFFER);
    b.usage.reinvite(sdp('second'));
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 200 OK']);
    a.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A ACK', 'B INVITE']);
    a.usage.answerReinvite(a.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    b.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A 200 OK', 'B ACK', 'B INVITE']);
    expect(Buffer.from(a.last('re-INVITE').request.body).toString()).toBe('second');
  });

  it('waits for the ACK of a re-INVITE of the peer (§14.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    b.usage.reinvite(OFFER);
    w.run();
    w.ladder();
    a.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A ACK', 'B INVITE']);
  });

  it('is accepted while the ACK is missing, but not when that ACK brings an answer (RFC 5407 §3.1.4, §3.1.5)', async () => {
    for (const [offer, expected] of [
      [OFFER, ['re-INVITE']],
      [undefined, []],
    ] as const) {
      const w = await TwoUserAgents.start();
      const a = w.alice.invite(w.bob.uri, offer);
      w.run();
      w.bob.call.usage.accept(ANSWER);
      w.run();
      w.lose = (text) => text.startsWith('ACK');
      a.usage.acknowledge(offer ? undefined : ANSWER);
      a.usage.reinvite(OFFER);
      w.run(20);
      expect(w.bob.call.told).toEqual(expected);
      if (!offer) expect(w.ladder()).toContain('B 491 Request Pending');
    }
  });

  it('is given its ACK when the BYE overtakes it: the 200 of a re-INVITE in a dialog that is ending', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    w.ladder();
    a.usage.bye();
    w.run(100);
    expect(w.ladder()).toEqual(['A BYE', 'A ACK', 'B 200 OK']);
    expect(a.told).toEqual(['refused re-INVITE 481', 'ended bye sent']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('acknowledges what was accepted before it hangs up', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    w.ladder();
    a.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A ACK', 'A BYE', 'B 200 OK']);
    expect(a.told).toEqual(['accepted re-INVITE', 'ended bye sent']);
  });
});
