import { FakeClock, RecordingTransactionUser, RecordingTransport, buildRequest } from '@legato/testing';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from './transaction-layer';

function setUp(protocol: 'UDP' | 'TCP' = 'UDP') {
  const clock = new FakeClock();
  const transport = new RecordingTransport({ clock, protocol });
  const layer = new TransactionLayer({ clock, transports: [transport] });
  const user = new RecordingTransactionUser();
  layer.user = user;
  void layer.start();
  const request = buildRequest({ method: 'INFO', branch: 'z9hG4bKinfo' });
  const receive = (): void => transport.inject(request);
  const respond = (status: number): boolean =>
    user.transaction.respond(SipResponse.to(user.transaction.request, status, { toTag: 'bob' }));
  const sent = (): [number, number][] =>
    transport.sent.map(({ message, atMs }) => [message.kind === 'response' ? message.status : 0, atMs]);
  return { clock, transport, layer, user, receive, respond, sent };
}

describe('non-INVITE server transaction, Trying', () => {
  it('passes the request up once and drops retransmissions (§17.2.2)', () => {
    const { receive, user, sent, layer } = setUp();
    receive();
    receive();
    expect(user.requests).toHaveLength(1);
    expect(sent()).toEqual([]);
    expect(layer.counters().ignoredEvents).toBe(0);
  });

  it('sends a final response and completes (§17.2.2)', () => {
    const { receive, respond, sent, user } = setUp();
    receive();
    expect(respond(200)).toBe(true);
    expect(sent()).toEqual([[200, 0]]);
    expect(user.transaction.state).toBe('Completed');
  });

  it("sends 100 by itself once the client's Timer E has reached T2 (RFC 4320 §4.1)", () => {
    const { receive, clock, sent, user } = setUp();
    receive();
    clock.advance(3_499);
    expect(sent()).toEqual([]);
    clock.advance(1);
    expect(sent()).toEqual([[100, 3_500]]);
    expect(user.transaction.state).toBe('Proceeding');
  });

  it('takes a 100 of the TU over UDP only from then on, over TCP at any time (RFC 4320 §4.1)', () => {
    const udp = setUp();
    udp.receive();
    expect(udp.respond(100)).toBe(false);
    udp.clock.advance(3_500);
    expect(udp.respond(100)).toBe(true);
    const tcp = setUp('TCP');
    tcp.receive();
    expect(tcp.respond(100)).toBe(true);
    expect(tcp.user.transaction.state).toBe('Proceeding');
  });

  it.each([180, 183, 199, 408])('never sends %i (RFC 4320 §4)', (status) => {
    const { receive, respond, sent } = setUp();
    receive();
    expect(respond(status)).toBe(false);
    expect(sent()).toEqual([]);
  });

  it('ends in silence when the TU never answers (RFC 4320 §4.2)', () => {
    const { receive, clock, layer, sent } = setUp();
    receive();
    clock.advance(32_000);
    expect(layer.counts().nonInviteServer).toBe(0);
    expect(sent()).toEqual([[100, 3_500]]);
    expect(clock.armed).toBe(0);
  });
});

describe('non-INVITE server transaction, Proceeding', () => {
  it('repeats its provisional for a retransmission and sends the final response (§17.2.2)', () => {
    const { receive, respond, clock, sent } = setUp();
    receive();
    clock.advance(3_500);
    receive();
    respond(202);
    expect(sent().map(([status]) => status)).toEqual([100, 100, 202]);
  });

  it('does not add a 100 of its own after one of the TU', () => {
    const { receive, respond, clock, sent, layer } = setUp('TCP');
    receive();
    respond(100);
    respond(100);
    clock.advance(20_000);
    expect(sent()).toEqual([
      [100, 0],
      [100, 0],
    ]);
    expect(layer.counters().ignoredEvents).toBe(0);
  });

  it.each([100, 20_000])(
    'leaves one timer after a final response at %i ms, and no event is lost',
    (afterMs) => {
      const { receive, respond, clock, layer } = setUp();
      receive();
      clock.advance(afterMs);
      respond(200);
      expect(clock.armed).toBe(1);
      clock.advance(32_000);
      expect(layer.counts().nonInviteServer).toBe(0);
      expect(clock.armed).toBe(0);
      expect(layer.counters().ignoredEvents).toBe(0);
    },
  );

  it('stays when a response can not be sent, and tells the TU (RFC 6026 §8.8)', () => {
    const { receive, clock, transport, user } = setUp();
    receive();
    transport.failure = new Error('EHOSTUNREACH');
    clock.advance(3_500);
    expect(user.failures).toEqual([{ transaction: user.transaction, reason: 'transport error' }]);
    expect(user.transaction.state).toBe('Proceeding');
  });
});

describe('non-INVITE server transaction, Completed', () => {
  it('repeats the final response for retransmissions and takes no other (§17.2.2)', () => {
    const { receive, respond, sent, user } = setUp();
    receive();
    respond(200);
    receive();
    expect(respond(500)).toBe(false);
    expect(sent()).toEqual([
      [200, 0],
      [200, 0],
    ]);
    expect(user.requests).toHaveLength(1);
  });

  it('stays when the response can not be sent, and tells the TU (RFC 6026 §8.8)', () => {
    const { receive, respond, transport, clock, user } = setUp();
    receive();
    transport.failure = new Error('EHOSTUNREACH');
    respond(200);
    clock.advance(0);
    expect(user.failures[0]?.reason).toBe('transport error');
    expect(user.transaction.state).toBe('Completed');
  });

  it('ends with Timer J after 64*T1 over UDP, at once over a reliable transport (§17.2.2)', () => {
    const udp = setUp();
    udp.receive();
    udp.respond(200);
    udp.clock.advance(31_999);
    expect(udp.layer.counts().nonInviteServer).toBe(1);
    udp.clock.advance(1);
    expect(udp.layer.counts().nonInviteServer).toBe(0);
    expect(udp.clock.armed).toBe(0);
    const tcp = setUp('TCP');
    tcp.receive();
    tcp.respond(200);
    expect(tcp.layer.counts().nonInviteServer).toBe(0);
  });
});
