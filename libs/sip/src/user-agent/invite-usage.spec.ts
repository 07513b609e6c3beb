import { ANSWER, NOTHING_HELD, OFFER, sdp, TwoUserAgents } from '@legato/testing';
import { createInDialogRequest } from '../dialog/in-dialog-request';
import { InviteUsage } from './invite-usage';

describe('an INVITE usage, from end to end', () => {
  it('opens a dialog, acknowledges, hangs up and leaves nothing behind (§13, §15)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    a.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 180 Ringing', 'B 200 OK', 'A ACK']);
    expect(a.told).toEqual(['provisional 180', 'accepted INVITE']);
    expect(w.bob.call.told).toEqual(['acknowledged INVITE']);
    w.bob.call.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['B BYE', 'A 200 OK']);
    expect(a.told.slice(2)).toEqual(['bye', 'ended bye received']);
    expect(w.bob.call.told.slice(1)).toEqual(['ended bye sent']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('sends the 2xx again, T1 doubling to T2, until its ACK comes (§13.3.1.4)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.lose = (line) => line.startsWith('ACK');
    w.bob.call.usage.accept(ANSWER);
    w.run();
    a.usage.acknowledge();
    w.ladder();
    w.run(7_600);
    // Copies at 0.5, 1.5, 3.5 and 7.5 s, each answered by the same ACK (§13.2.2.4).
    expect(w.ladder()).toEqual(Array<string[]>(4).fill(['B 200 OK', 'A ACK']).flat());
    w.lose = () => false;
    w.run(4_000);
    expect(w.ladder()).toEqual(['B 200 OK', 'A ACK']);
    expect(w.bob.call.told).toEqual(['acknowledged INVITE']);
    w.run(30_000);
    expect(w.ladder()).toEqual([]);
    expect(a.told).toEqual(['accepted INVITE']);
  });

  it('gives the ACK up after 64*T1, once (§13.3.1.4)', async () => {
    const w = await TwoUserAgents.start();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run(31_900);
    expect(w.bob.call.told).toEqual([]);
    w.run(200);
    expect(w.bob.call.told).toEqual(['no ack INVITE']);
    // 0.5, 1.5, 3.5 and then each 4 s up to 31.5: ten copies.
    expect(w.ladder().filter((line) => line === 'B 200 OK')).toHaveLength(11);
    w.bob.call.usage.bye();
    w.run();
    expect(w.bob.call.told).toEqual(['no ack INVITE', 'ended bye sent']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('acknowledges with the answer to a delayed offer, and hands it up (§13.2.2.4)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri);
    w.run();
    w.bob.call.usage.accept(OFFER);
    w.run();
    a.usage.acknowledge(ANSWER);
    w.run();
    const { body } = w.bob.call.last('acknowledged');
    expect(body?.contentType).toBe('application/sdp');
    expect(Buffer.from(body?.bytes ?? []).toString()).toBe('v=0 answer');
  });

  it('reports a refusal once and ends (§13.2.2.3)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.refuse(486, 'Busy Here', [['Retry-After', '60']]);
    w.run();
    expect(a.told).toEqual(['refused INVITE 486', 'ended refused']);
    expect(a.last('refused').response?.headers.get('Retry-After')).toBe('60');
    expect(w.bob.call.told).toEqual(['ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('reports 408 when nobody answers an INVITE (§8.1.3.1)', async () => {
    const w = await TwoUserAgents.start();
    w.lose = () => true;
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(33_000);
    expect(a.told).toEqual(['refused INVITE 408', 'ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('reports 503 when the INVITE can not be sent (§8.1.3.1)', async () => {
    const w = await TwoUserAgents.start();
    w.alicesTransport.failure = new Error('unreachable');
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    expect(a.told).toEqual(['refused INVITE 503', 'ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });
});

describe('CANCEL and 200, in every order (§9.1, §15)', () => {
  it('cancels before any provisional response: the CANCEL is held, the callee answers 487', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    a.usage.cancel();
    w.run(300);
    expect(w.ladder()).toEqual([
      'A INVITE',
      'B 100 Trying',
      'A CANCEL',
      'B 200 OK',
      'B 487 Request Terminated',
      'A ACK',
    ]);
    expect(a.told).toEqual(['refused INVITE 487', 'ended cancelled']);
    expect(w.bob.call.told).toEqual(['cancelled', 'ended cancelled']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('cancels while ringing; accept() after the CANCEL does nothing', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.ladder();
    a.usage.cancel('SIP;cause=200;text="Call completed elsewhere"');
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    expect(w.ladder()).toEqual(['A CANCEL', 'B 200 OK', 'B 487 Request Terminated', 'A ACK']);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
    expect(w.bob.call.told).toEqual(['cancelled', 'ended cancelled']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('meets a 200 that crosses the CANCEL on the wire: ACK, BYE, one refusal', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.ladder();
    w.bob.call.usage.accept(ANSWER);
    a.usage.cancel();
    w.run(100);
    expect(w.ladder()).toEqual(['B 200 OK', 'A CANCEL', 'A ACK', 'A BYE', 'B 200 OK', 'B 200 OK']);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
    expect(w.bob.call.told).toEqual(['acknowledged INVITE', 'bye', 'ended bye received']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('meets a 200 that was on its way when the CANCEL was still held', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    a.usage.cancel();
    w.run(100);
    expect(w.ladder()).toEqual(['A INVITE', 'B 200 OK', 'A ACK', 'A BYE', 'B 200 OK']);
    expect(a.told).toEqual(['refused INVITE 487', 'ended cancelled']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('hangs up when cancel() comes after the 200, before its ACK: no CANCEL is sent', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    w.ladder();
    a.usage.cancel();
    w.run(100);
    expect(w.ladder()).toEqual(['A ACK', 'A BYE', 'B 200 OK']);
    expect(a.told).toEqual(['accepted INVITE', 'ended bye sent']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('hangs up when cancel() comes after the ACK', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.cancel();
    w.run();
    expect(w.ladder()).toEqual(['A BYE', 'B 200 OK']);
    expect(b.told).toEqual(['bye', 'ended bye received']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('reports the refusal of a cancelled call that never gets a final response, 64*T1 after the CANCEL (§9.1)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.lose = () => true;
    a.usage.cancel();
    w.run(40_000);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
  });

  it('ends before anything was sent when cancel() comes before invite()', async () => {
    const w = await TwoUserAgents.start();
    const events: string[] = [];
    w.alice.runner.deliver = (_id, feed) => events.push(...feed(usage).map(({ type }) => type));
    const usage = InviteUsage.outgoing('x', w.alice.runner.output, {
      requestUri: w.bob.uri,
      from: '<sip:a@b>',
      to: '<sip:c@d>',
      contact: '<sip:a@b>',
    });
    usage.cancel();
    w.run();
    expect(events).toEqual(['ended']);
    expect(w.ladder()).toEqual([]);
  });
});

describe('BYE from every phase (§15)', () => {
  it('answers an INVITE that is not answered with 487', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.bye();
    w.run();
    expect(a.told).toEqual(['refused INVITE 487', 'ended refused']);
    expect(w.bob.call.told).toEqual(['ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('cancels an INVITE that is under way', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    a.usage.bye();
    w.run(100);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('waits with the BYE of the callee until the ACK has come (§15)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.bob.call.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 200 OK']);
    a.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A ACK', 'B BYE', 'A 200 OK']);
    expect(w.bob.call.told).toEqual(['acknowledged INVITE', 'ended bye sent']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('sends the BYE of the callee when the ACK never comes (§15)', async () => {
    const w = await TwoUserAgents.start();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.bob.call.usage.bye();
    w.run(33_000);
    expect(w.bob.call.told).toEqual(['ended bye sent']);
    expect(w.ladder().filter((line) => line === 'B BYE')).toHaveLength(1);
  });

  it('ends when nobody answers the BYE (§15.1.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a } = w.connect();
    w.lose = () => true;
    a.usage.bye();
    w.run(33_000);
    expect(a.told).toEqual(['ended bye sent']);
  });

  it('ends both sides when two BYEs cross (RFC 5407 §3.2.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.bye();
    b.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A BYE', 'B BYE', 'B 200 OK', 'A 200 OK']);
    expect([a.told, b.told]).toEqual([['ended bye sent'], ['ended bye sent']]);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('carries a Reason (RFC 3326 §2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.bye('Q.850;cause=16');
    w.run();
    expect(b.last('bye').request.headers.get('Reason')).toBe('Q.850;cause=16');
  });

  it('answers pending requests with 487 when the BYE comes (§15.1.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    a.usage.request('INFO', 'one', sdp('x'));
    w.run();
    expect(b.told).toEqual(['re-INVITE', 'request INFO']);
    w.ladder();
    a.usage.bye();
    w.run();
    expect(w.ladder()).toEqual([
      'A BYE',
      'B 200 OK',
      'B 487 Request Terminated',
      'B 487 Request Terminated',
      'A ACK',
    ]);
    expect(a.told).toEqual(['answered INFO 481', 'refused re-INVITE 481', 'ended bye sent']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('takes a BYE of the caller in an early dialog: 200, and 487 to the INVITE (§15.1.2)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.ladder();
    const { dialog } = a.usage.state;
    if (!dialog) throw new Error('no early dialog');
    const bye = createInDialogRequest(dialog, 'BYE');
    w.alice.layer.sendRequest(bye, {
      receiveResponse: () => undefined,
      receiveTimeout: () => undefined,
      receiveTransportError: () => undefined,
    });
    w.run();
    expect(w.ladder()).toEqual(['A BYE', 'B 200 OK', 'B 487 Request Terminated', 'A ACK']);
    expect(w.bob.call.told).toEqual(['bye', 'ended bye received']);
    expect(a.told.slice(1)).toEqual(['refused INVITE 487', 'ended refused']);
  });
});
