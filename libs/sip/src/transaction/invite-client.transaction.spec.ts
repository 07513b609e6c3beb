import { FakeClock, RecordingClientUser, RecordingTransport, buildRequest } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from './transaction-layer';
import type { ClientTransaction } from './transaction-user';

const peer = { host: '192.0.2.9', port: 5060 };

function setUp(protocol: 'UDP' | 'TCP' = 'UDP') {
  const clock = new FakeClock();
  const transport = new RecordingTransport({ clock, protocol });
  const layer = new TransactionLayer({ clock, transports: [transport] });
  void layer.start();
  const user = new RecordingClientUser();
  const invite = buildRequest({
    method: 'INVITE',
    vias: [],
    headers: [
      ['Route', '<sip:192.0.2.9;lr>'],
      ['Proxy-Authorization', 'Digest x="y"'],
    ],
    body: 'v=0',
  });
  const requests = new Map<ClientTransaction, SipRequest>();
  const send = (request: SipRequest = invite): ClientTransaction => {
    const transaction = layer.sendRequest(request, user, { target: peer });
    requests.set(transaction, request);
    return transaction;
  };
  const receive = (transaction: ClientTransaction, status: number, toTag = 'bob'): void =>
    transport.inject(SipResponse.to(requests.get(transaction)!, status, { toTag }), peer);
  const sentAt = (method: string): number[] =>
    transport.sent
      .filter(({ message }) => message.kind === 'request' && message.method === method)
      .map((each) => each.atMs);
  return { clock, transport, layer, user, invite, send, receive, sentAt };
}

describe('INVITE client transaction, Calling', () => {
  it('puts one Via with the magic cookie, our sent-by and rport on the request (§8.1.1.7, §18.1.1, RFC 3581 §3)', () => {
    const { send, transport } = setUp();
    const { branch } = send();
    const [sent] = transport.take();
    expect(sent?.headers.getAll('Via')).toEqual([`SIP/2.0/UDP 192.0.2.1:5060;branch=${branch};rport`]);
    expect(branch).toMatch(/^z9hG4bK[0-9a-f]{24}$/);
  });

  it('doubles Timer A without a cap, and tells the TU of Timer B at 64*T1 (§17.1.1.2)', () => {
    const { send, clock, sentAt, user, layer } = setUp();
    send();
    clock.advance(31_999);
    expect(sentAt('INVITE')).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(user.timeouts).toBe(0);
    clock.advance(1);
    expect(user.timeouts).toBe(1);
    expect(layer.counts().inviteClient).toBe(0);
    expect(clock.armed).toBe(0);
  });

  it('sends once over a reliable transport and still runs Timer B (§17.1.1.2)', () => {
    const { send, clock, sentAt, user } = setUp('TCP');
    send();
    clock.advance(32_000);
    expect(sentAt('INVITE')).toEqual([0]);
    expect(user.timeouts).toBe(1);
  });

  it('tells the TU of a transport error, once, and ends (§17.1.4)', () => {
    const { send, clock, transport, user, layer } = setUp();
    transport.failure = new Error('EHOSTUNREACH');
    send();
    clock.advance(40_000);
    expect(user.errors.map((each) => each.message)).toEqual(['EHOSTUNREACH']);
    expect(user.timeouts).toBe(0);
    expect(layer.counts().inviteClient).toBe(0);
  });

  it('stops retransmitting at the first provisional and passes it up (§17.1.1.2)', () => {
    const { send, clock, receive, sentAt, user } = setUp();
    const transaction = send();
    receive(transaction, 100);
    clock.advance(60_000);
    expect(sentAt('INVITE')).toEqual([0]);
    expect(user.statuses).toEqual([100]);
    expect(user.timeouts).toBe(0);
    expect(clock.armed).toBe(0);
  });

  it('goes to Accepted by a 2xx without a provisional (RFC 6026 §7.2)', () => {
    const { send, receive, user, sentAt, clock } = setUp();
    receive(send(), 200);
    clock.advance(10_000);
    expect(user.statuses).toEqual([200]);
    expect(sentAt('INVITE')).toEqual([0]);
    expect(sentAt('ACK')).toEqual([]);
  });

  it('acknowledges a 300-699 without a provisional (§17.1.1.2)', () => {
    const { send, receive, user, sentAt } = setUp();
    receive(send(), 486);
    expect(user.statuses).toEqual([486]);
    expect(sentAt('ACK')).toEqual([0]);
  });
});

describe('INVITE client transaction, Proceeding', () => {
  it('passes every further provisional up but a repeated 100 (§17.1.1.2)', () => {
    const { send, receive, user } = setUp();
    const transaction = send();
    for (const status of [100, 180, 100, 183, 180]) receive(transaction, status);
    expect(user.statuses).toEqual([100, 180, 183, 180]);
  });

  it('passes a 2xx up and never acknowledges it (RFC 6026 §7.2)', () => {
    const { send, receive, user, sentAt } = setUp();
    const transaction = send();
    receive(transaction, 180);
    receive(transaction, 200);
    expect(user.statuses).toEqual([180, 200]);
    expect(sentAt('ACK')).toEqual([]);
  });

  it('acknowledges a 300-699 with the same branch, one Via, the Route and the credentials (§17.1.1.3, §22.1)', () => {
    const { invite, send, receive, transport } = setUp();
    const transaction = send();
    receive(transaction, 180);
    receive(transaction, 404, 'their-tag');
    const ack = transport.sent.at(-1);
    expect(ack?.to).toEqual(peer);
    expect(ack?.bytes.toString()).toBe(
      [
        'ACK sip:bob@192.0.2.1 SIP/2.0',
        `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=${transaction.branch};rport`,
        'Max-Forwards: 70',
        'From: <sip:alice@192.0.2.2>;tag=alice-tag',
        'To: <sip:bob@192.0.2.1>;tag=their-tag',
        `Call-ID: ${invite.callId}`,
        'CSeq: 1 ACK',
        'Route: <sip:192.0.2.9;lr>',
        'Proxy-Authorization: Digest x="y"',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
  });
});

describe('INVITE client transaction, its final response', () => {
  it.each([
    ['Calling', 200],
    ['Calling', 486],
    ['Proceeding', 200],
    ['Proceeding', 486],
  ])('in %s, %i, leaves the one timer that ends it after 32 s', (state, status) => {
    const { send, receive, clock, layer, user } = setUp();
    const transaction = send();
    if (state === 'Proceeding') {
      receive(transaction, 180);
      transaction.cancel();
      transaction.cancel();
      clock.advance(31_900);
    }
    receive(transaction, status);
    expect(clock.armed).toBe(state === 'Proceeding' ? 2 : 1);
    clock.advance(31_999);
    expect(layer.counts().inviteClient).toBe(1);
    clock.advance(1);
    expect(layer.counts().inviteClient).toBe(0);
    expect(clock.armed).toBe(0);
    expect(layer.counters().ignoredEvents).toBe(0);
    expect(user.timeouts).toBe(0);
  });
});

describe('INVITE client transaction, Completed', () => {
  it('acknowledges each copy of the response with the same bytes and tells the TU once (RFC 6026 §8.4)', () => {
    const { send, receive, user, transport } = setUp();
    const transaction = send();
    receive(transaction, 486);
    receive(transaction, 486);
    const acks = transport.sent.slice(1);
    expect(acks).toHaveLength(2);
    expect(acks[1]?.bytes.equals(acks[0]?.bytes as Buffer)).toBe(true);
    expect(user.statuses).toEqual([486]);
  });

  it('ends with Timer D after 32 s over UDP, at once over a reliable transport (RFC 6026 §8.4)', () => {
    const udp = setUp();
    udp.receive(udp.send(), 486);
    udp.clock.advance(31_999);
    expect(udp.layer.counts().inviteClient).toBe(1);
    udp.clock.advance(1);
    expect(udp.layer.counts().inviteClient).toBe(0);
    const tcp = setUp('TCP');
    tcp.receive(tcp.send(), 486);
    expect(tcp.layer.counts().inviteClient).toBe(0);
    expect(tcp.user.statuses).toEqual([486]);
    expect(tcp.sentAt('ACK')).toEqual([0]);
  });

  it('keeps Timer D at 32 s when T1 is short, because the peer may use another T1 (RFC 6026 §8.4)', () => {
    const clock = new FakeClock();
    const transport = new RecordingTransport({ clock });
    const layer = new TransactionLayer({ clock, transports: [transport], timers: { T1: 10 } });
    void layer.start();
    const transaction = layer.sendRequest(buildRequest({ vias: [] }), new RecordingClientUser(), {
      target: peer,
    });
    transport.inject(SipResponse.to(transaction.request!, 486, { toTag: 'x' }), peer);
    clock.advance(31_999);
    expect(layer.counts().inviteClient).toBe(1);
  });

  it('ends by a transport error of the ACK without a word to the TU, who has its final response', () => {
    const { send, receive, transport, clock, user, layer } = setUp();
    const transaction = send();
    transport.failure = new Error('EHOSTUNREACH');
    receive(transaction, 486);
    clock.advance(0);
    expect(layer.counts().inviteClient).toBe(0);
    expect(user.errors).toEqual([]);
    expect(user.statuses).toEqual([486]);
  });
});

describe('INVITE client transaction, Accepted', () => {
  it('passes each further 2xx up: retransmissions and other forks (RFC 6026 §7.2)', () => {
    const { send, receive, user } = setUp();
    const transaction = send();
    receive(transaction, 200, 'fork-1');
    receive(transaction, 200, 'fork-1');
    receive(transaction, 200, 'fork-2');
    expect(user.responses.map((each) => each.to.tag)).toEqual(['fork-1', 'fork-1', 'fork-2']);
  });

  it('ends with Timer M after 64*T1, over reliable transports too (RFC 6026 §7.2)', () => {
    for (const protocol of ['UDP', 'TCP'] as const) {
      const { send, receive, clock, layer } = setUp(protocol);
      receive(send(), 200);
      clock.advance(31_999);
      expect(layer.counts().inviteClient).toBe(1);
      clock.advance(1);
      expect(layer.counts().inviteClient).toBe(0);
      expect(clock.armed).toBe(0);
    }
  });

  it('ignores and counts a late error response (RFC 6026 Figure 5 has no such arrow)', () => {
    const { send, receive, user, layer } = setUp();
    const transaction = send();
    receive(transaction, 200);
    receive(transaction, 486);
    expect(user.statuses).toEqual([200]);
    expect(layer.counters().ignoredEvents).toBe(1);
  });
});

describe('CANCEL of an INVITE client transaction', () => {
  it("is held until a provisional arrives, then has the INVITE's branch, Request-URI and CSeq number (§9.1)", () => {
    const { send, receive, transport, sentAt } = setUp();
    const transaction = send();
    transaction.cancel([['Reason', 'SIP;cause=200;text="Call completed elsewhere"']]);
    expect(sentAt('CANCEL')).toEqual([]);
    receive(transaction, 100);
    const cancel = transport.sent.at(-1)?.message as SipRequest;
    expect(cancel.method).toBe('CANCEL');
    expect(cancel.requestUri).toBe(transaction.request!.requestUri);
    expect(cancel.headers.getAll('Via')).toEqual(transaction.request!.headers.getAll('Via'));
    expect(cancel.headers.get('CSeq')).toBe('1 CANCEL');
    expect(cancel.headers.get('Route')).toBe('<sip:192.0.2.9;lr>');
    expect(cancel.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    expect(cancel.to.tag).toBeUndefined();
  });

  it('is sent without a header that would not survive the wire', () => {
    const { send, receive, transport, user } = setUp();
    const transaction = send();
    transaction.cancel([
      ['Reason', 'SIP;text="a\r\nb"'],
      ['X-Kept', 'yes'],
    ]);
    receive(transaction, 180);
    const cancel = transport.sent.at(-1)?.message as SipRequest;
    expect([cancel.method, cancel.headers.has('Reason'), cancel.headers.get('X-Kept')]).toEqual([
      'CANCEL',
      false,
      'yes',
    ]);
    expect(user.statuses).toEqual([180]);
  });

  it('is sent at once while Proceeding, and only once', () => {
    const { send, receive, sentAt } = setUp();
    const transaction = send();
    receive(transaction, 180);
    transaction.cancel();
    transaction.cancel();
    expect(sentAt('CANCEL')).toEqual([0]);
  });

  it.each([200, 486])('is never sent after a final %i (§9.1)', (status) => {
    const { send, receive, sentAt, clock } = setUp();
    const transaction = send();
    transaction.cancel();
    receive(transaction, status);
    transaction.cancel();
    clock.advance(40_000);
    expect(sentAt('CANCEL')).toEqual([]);
  });

  it('retransmits by its own Timer E until its own response, which does not reach the TU (§9.1, §17.1.2)', () => {
    const { send, receive, sentAt, clock, transport, user, layer } = setUp();
    const transaction = send();
    receive(transaction, 180);
    transaction.cancel();
    clock.advance(600);
    expect(sentAt('CANCEL')).toEqual([0, 500]);
    const cancel = transport.sent.at(-1)?.message as SipRequest;
    transport.inject(SipResponse.to(cancel, 200, { toTag: 'bob' }), peer);
    clock.advance(5_000);
    expect(sentAt('CANCEL')).toEqual([0, 500]);
    expect(layer.counts().nonInviteClient).toBe(0);
    receive(transaction, 487);
    expect(user.statuses).toEqual([180, 487]);
    expect(sentAt('ACK')).toHaveLength(1);
  });

  it('gives up the INVITE 64*T1 after it was sent when no final response comes (§9.1)', () => {
    const { send, receive, user, clock, layer } = setUp();
    const transaction = send();
    receive(transaction, 180);
    transaction.cancel();
    clock.advance(32_000);
    expect(user.timeouts).toBe(1);
    expect(layer.counts()).toEqual({
      inviteClient: 0,
      inviteServer: 0,
      nonInviteClient: 0,
      nonInviteServer: 0,
    });
    expect(clock.armed).toBe(0);
  });
});
