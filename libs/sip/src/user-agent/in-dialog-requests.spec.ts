import { ANSWER, buildRequest, NOTHING_HELD, OFFER, sdp, TwoUserAgents } from '@legato/testing';
import type { ScriptedCall } from '@legato/testing';
import type { SipResponse } from '../message/sip-response';
import type { SipRequest } from '../message/sip-request';

/** A request of Alice in the dialog of `a`, made by hand. */
function byHand(a: ScriptedCall, fields: { method: string; cseq: number; body?: string }): SipRequest {
  const { dialog } = a.usage.state;
  return buildRequest({
    callId: dialog?.sipCallId ?? '',
    fromTag: dialog?.localTag ?? '',
    toTag: dialog?.remoteTag ?? '',
    requestUri: 'sip:bob@192.0.2.2',
    vias: [`SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK${fields.method}${fields.cseq}`],
    ...fields,
  });
}

const FROM_ALICE = { host: '192.0.2.1', port: 5060 };

describe('requests in a dialog', () => {
  it('go out one after the other, so that they arrive in order (§12.2.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('INFO', '1', sdp('one'));
    a.usage.request('INFO', '2', sdp('two'), [['Info-Package', 'x']]);
    a.usage.request('OPTIONS', '3');
    w.run();
    expect(w.ladder()).toEqual(['A INFO']);
    b.usage.respond(b.last('request').transactionKey, 200, sdp('result'));
    w.run();
    const second = b.last('request').request;
    expect([Buffer.from(second.body).toString(), second.headers.get('Info-Package')]).toEqual(['two', 'x']);
    b.usage.respond(b.last('request').transactionKey, 403);
    w.run();
    b.usage.respond(b.last('request').transactionKey, 200);
    w.run();
    expect(a.told).toEqual(['answered INFO 200', 'answered INFO 403', 'answered OPTIONS 200']);
    expect(a.events.map((event) => event.type === 'answered' && event.token)).toEqual(['1', '2', '3']);
    expect(b.told).toEqual(['request INFO', 'request INFO', 'request OPTIONS']);
  });

  it('wait for a dialog to be sent in, and go during a re-INVITE (RFC 6086 §4.2.2)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    a.usage.request('INFO', '1');
    w.run();
    expect(w.ladder()).toEqual(['A INVITE']);
    const b = w.bob.call;
    b.usage.accept(ANSWER);
    w.run();
    expect(w.ladder()).toEqual(['B 200 OK', 'A INFO']);
    a.usage.acknowledge();
    b.usage.respond(b.last('request').transactionKey, 200);
    w.run();
    a.usage.reinvite(OFFER);
    a.usage.request('INFO', '2');
    w.run();
    expect(b.told.slice(-2)).toEqual(['re-INVITE', 'request INFO']);
  });

  it('an INFO answered 481 ends the dialog (§12.2.1.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('INFO', '1');
    w.run();
    b.usage.respond(b.last('request').transactionKey, 481);
    w.run(100);
    expect(a.told).toEqual(['answered INFO 481', 'ended dialog lost']);
    expect(b.told.slice(-1)).toEqual(['ended bye received']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('an INFO that nobody answers ends the dialog with 408 (§12.2.1.2, RFC 5057 §5.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a } = w.connect();
    w.lose = () => true;
    a.usage.request('INFO', '1');
    a.usage.request('INFO', '2');
    w.run(65_000);
    expect(a.told).toEqual(['answered INFO 408', 'answered INFO 481', 'ended dialog lost']);
  });

  it('an INFO that nobody answers leaves the dialog alone for who outlives timeouts; a 481 does not', async () => {
    const w = await TwoUserAgents.start({ alice: { runner: { outlivesTimeouts: true } } });
    const { a, b } = w.connect();
    w.lose = () => true;
    a.usage.request('INFO', '1');
    w.run(33_000);
    expect(a.told).toEqual(['answered INFO 408']);
    w.lose = () => false;
    a.usage.request('INFO', '2');
    w.run();
    b.usage.respond(b.last('request').transactionKey, 481);
    w.run(100);
    expect(a.told.slice(1)).toEqual(['answered INFO 481', 'ended dialog lost']);
  });

  it('get 487 with our BYE when they still wait for their answer', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('INFO', '1');
    w.run();
    b.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A INFO', 'B 487 Request Terminated', 'B BYE', 'A 200 OK']);
    expect(a.told).toEqual(expect.arrayContaining(['answered INFO 487']));
  });

  it('a NOTIFY answered 481 leaves the INVITE usage alone (RFC 5057 §5.1)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('NOTIFY', '1');
    w.run();
    b.usage.respond(b.last('request').transactionKey, 481);
    w.run(100);
    expect(a.told).toEqual(['answered NOTIFY 481']);
    expect(a.usage.state.phase).toBe('Established');
  });

  it('get 500 when they are out of order (§12.2.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    w.bobsTransport.inject(byHand(a, { method: 'INFO', cseq: 50 }), FROM_ALICE);
    w.ladder();
    w.bobsTransport.inject(byHand(a, { method: 'INFO', cseq: 49 }), FROM_ALICE);
    expect(w.ladder()).toEqual(['B 500 Server Internal Error']);
    expect(b.told).toEqual(['request INFO']);
  });

  it('a PRACK for no reliable response gets 481 (RFC 3262 §3)', async () => {
    const w = await TwoUserAgents.start();
    const { a } = w.connect();
    w.bobsTransport.inject(byHand(a, { method: 'PRACK', cseq: 5 }), FROM_ALICE);
    expect(w.ladder()).toEqual(['B 481 Call/Transaction Does Not Exist']);
  });

  it('an UPDATE refreshes the target of both when it is accepted, not before (RFC 3311 §5, RFC 6141 §4.6)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    const update = byHand(a, { method: 'UPDATE', cseq: 5 });
    update.headers.set('Contact', '<sip:moved@192.0.2.77>');
    w.bobsTransport.inject(update, FROM_ALICE);
    expect(b.usage.state.dialog?.remoteTarget).toBe('sip:alice@192.0.2.1:5060');
    b.usage.respond(b.last('request').transactionKey, 200);
    expect(b.usage.state.dialog?.remoteTarget).toBe('sip:moved@192.0.2.77');
    expect((w.bobsTransport.sent.at(-1)?.message as SipResponse).contact?.uri).toBe('sip:bob@192.0.2.2:5060');
  });

  it('an UPDATE meets glare: 500 after another, 491 against an offer of ours (RFC 3311 §5.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    w.bobsTransport.inject(byHand(a, { method: 'UPDATE', cseq: 5, body: 'v=0' }), FROM_ALICE);
    w.bobsTransport.inject(byHand(a, { method: 'UPDATE', cseq: 6, body: 'v=0' }), FROM_ALICE);
    expect(w.ladder()).toEqual(['B 500 Server Internal Error']);
    b.usage.respond(b.last('request').transactionKey, 200);
    b.usage.reinvite(OFFER);
    w.ladder();
    w.bobsTransport.inject(byHand(a, { method: 'UPDATE', cseq: 7, body: 'v=0' }), FROM_ALICE);
    expect(w.ladder()).toEqual(['B 491 Request Pending']);
  });

  it('get 481 once a BYE is under way (RFC 5407 §2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    b.usage.bye();
    w.ladder();
    w.bobsTransport.inject(byHand(a, { method: 'INFO', cseq: 5 }), FROM_ALICE);
    expect(w.ladder()).toEqual(['B 481 Call/Transaction Does Not Exist']);
  });

  it('go to where the packets of a peer behind NAT come from', async () => {
    const w = await TwoUserAgents.start();
    w.alice.invite(w.bob.uri, OFFER, { contact: '<sip:alice@192.168.0.4:5060>' });
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    w.alice.call.usage.acknowledge();
    w.run();
    w.ladder();
    w.bob.call.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['B BYE', 'A 200 OK']);
  });

  it('are answered with the same tag, once (§8.2.6.2)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('INFO', '1');
    w.run();
    const { transactionKey } = b.last('request');
    b.usage.respond(transactionKey, 200);
    b.usage.respond(transactionKey, 200);
    w.run();
    expect(w.ladder()).toEqual(['A INFO', 'B 200 OK']);
    expect(a.last('answered').response?.to.tag).toBe(b.usage.state.dialog?.localTag);
  });

  it('carry tags of 96 random bits (§19.3)', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    expect(a.usage.state.dialog?.localTag).toMatch(/^[0-9a-f]{24,}$/);
    expect(b.usage.state.dialog?.localTag).toMatch(/^[0-9a-f]{24,}$/);
  });
});
