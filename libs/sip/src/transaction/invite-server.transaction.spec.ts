import { FakeClock, RecordingTransactionUser, RecordingTransport, buildRequest } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from './transaction-layer';

function setUp(protocol: 'UDP' | 'TCP' = 'UDP') {
  const clock = new FakeClock();
  const transport = new RecordingTransport({ clock, protocol });
  const layer = new TransactionLayer({ clock, transports: [transport] });
  const user = new RecordingTransactionUser();
  layer.user = user;
  void layer.start();
  const invite = buildRequest({ branch: 'z9hG4bKinv' });
  const receive = (): void => transport.inject(invite);
  const respond = (status: number, toTag = 'bob'): boolean =>
    user.transaction.respond(SipResponse.to(user.transaction.request, status, { toTag }));
  const acknowledge = (branch = 'z9hG4bKinv', toTag = 'bob'): void =>
    transport.inject(ack(invite, branch, toTag));
  const sent = (): [number, number][] =>
    transport.sent.map(({ message, atMs }) => [message.kind === 'response' ? message.status : 0, atMs]);
  return { clock, transport, layer, user, receive, respond, acknowledge, sent, invite };
}

function ack(invite: SipRequest, branch: string, toTag: string): SipRequest {
  return buildRequest({ method: 'ACK', branch, callId: invite.callId, toTag });
}

describe('INVITE server transaction, Proceeding', () => {
  it('passes the INVITE up once and absorbs its retransmissions (§17.2.1)', () => {
    const { receive, user, layer } = setUp();
    receive();
    receive();
    expect(user.requests).toHaveLength(1);
    expect(user.transaction.state).toBe('Proceeding');
    expect(user.transaction.key).toBe('z9hG4bKinv|192.0.2.2:5060|INVITE');
    expect(layer.counts().inviteServer).toBe(1);
  });

  it('sends 100 when the TU said nothing for 200 ms, without a To tag (§17.2.1, §8.2.6.2)', () => {
    const { receive, clock, sent, transport } = setUp();
    receive();
    clock.advance(199);
    expect(sent()).toEqual([]);
    clock.advance(1);
    expect(sent()).toEqual([[100, 200]]);
    expect(transport.sent[0]?.message.to.tag).toBeUndefined();
  });

  it('sends no 100 when the TU was quicker (§17.2.1)', () => {
    const { receive, respond, clock, sent } = setUp();
    receive();
    clock.advance(150);
    respond(180);
    clock.advance(1_000);
    expect(sent()).toEqual([[180, 150]]);
  });

  it('sends every provisional of the TU and repeats the last one for a retransmission (§17.2.1)', () => {
    const { receive, respond, sent } = setUp();
    receive();
    expect(respond(180)).toBe(true);
    expect(respond(183)).toBe(true);
    receive();
    expect(sent().map(([status]) => status)).toEqual([180, 183, 183]);
  });

  it('stays when a response can not be sent, and tells the TU (RFC 6026 §7.1)', () => {
    const { receive, respond, transport, clock, user } = setUp();
    receive();
    transport.failure = new Error('EHOSTUNREACH');
    respond(180);
    clock.advance(0);
    expect(user.failures).toEqual([{ transaction: user.transaction, reason: 'transport error' }]);
    expect(user.transaction.state).toBe('Proceeding');
  });

  it('refuses a response that would not survive the wire', () => {
    const { receive, user, sent } = setUp();
    receive();
    const { transaction } = user;
    expect(transaction.respond(SipResponse.to(transaction.request, 200, { reason: 'OK\r\nX: y' }))).toBe(
      false,
    );
    expect(transaction.state).toBe('Proceeding');
    expect(sent()).toEqual([]);
  });
});

describe('INVITE server transaction, Completed', () => {
  it('retransmits by Timer G up to T2 until Timer H, then tells the TU (§17.2.1)', () => {
    const { receive, respond, clock, sent, user, layer } = setUp();
    receive();
    respond(486);
    clock.advance(32_000);
    expect(sent().map(([, at]) => at)).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(user.failures).toEqual([{ transaction: user.transaction, reason: 'no ACK' }]);
    expect(layer.counts().inviteServer).toBe(0);
    expect(clock.armed).toBe(0);
  });

  it('does not retransmit over a reliable transport, and still runs Timer H (§17.2.1)', () => {
    const { receive, respond, clock, sent, user } = setUp('TCP');
    receive();
    respond(486);
    clock.advance(32_000);
    expect(sent()).toEqual([[486, 0]]);
    expect(user.failures).toHaveLength(1);
  });

  it('repeats the response for a retransmitted INVITE (§17.2.1)', () => {
    const { receive, respond, sent } = setUp();
    receive();
    respond(486);
    receive();
    expect(sent().map(([status]) => status)).toEqual([486, 486]);
  });

  it('takes no second final response (§17.2.1)', () => {
    const { receive, respond, sent } = setUp();
    receive();
    respond(486);
    expect(respond(200)).toBe(false);
    expect(respond(180)).toBe(false);
    expect(sent().map(([status]) => status)).toEqual([486]);
  });

  it('stays when the response can not be sent, and tells the TU (RFC 6026 §7.1)', () => {
    const { receive, respond, transport, clock, user } = setUp();
    receive();
    transport.failure = new Error('EHOSTUNREACH');
    respond(486);
    clock.advance(0);
    expect(user.failures[0]?.reason).toBe('transport error');
    expect(user.transaction.state).toBe('Completed');
  });

  it('is confirmed by the ACK, which does not reach the TU, and ends with Timer I after T4 (§17.2.1)', () => {
    const { receive, respond, acknowledge, clock, user, sent, layer } = setUp();
    receive();
    respond(486);
    acknowledge();
    acknowledge();
    expect(user.transaction.state).toBe('Confirmed');
    expect(user.requests).toHaveLength(1);
    expect(clock.armed).toBe(1);
    clock.advance(4_999);
    expect(sent()).toEqual([[486, 0]]);
    expect(layer.counts().inviteServer).toBe(1);
    clock.advance(1);
    expect(layer.counts().inviteServer).toBe(0);
    expect(user.failures).toEqual([]);
    expect(clock.armed).toBe(0);
  });

  it('ends by the ACK at once over a reliable transport (§17.2.1)', () => {
    const { receive, respond, acknowledge, layer } = setUp('TCP');
    receive();
    respond(486);
    acknowledge();
    expect(layer.counts().inviteServer).toBe(0);
  });
});

describe('INVITE server transaction, Accepted', () => {
  it("absorbs a retransmitted INVITE without repeating the 2xx, which is the TU's work (RFC 6026 §7.1)", () => {
    const { receive, respond, sent, user, layer } = setUp();
    receive();
    respond(200);
    receive();
    expect(sent()).toEqual([[200, 0]]);
    expect(user.requests).toHaveLength(1);
    expect(layer.counters().ignoredEvents).toBe(0);
    expect(user.transaction.state).toBe('Accepted');
  });

  it('sends each 2xx the TU repeats, and no other response (RFC 6026 §7.1)', () => {
    const { receive, respond, sent } = setUp();
    receive();
    respond(200);
    expect(respond(200)).toBe(true);
    expect(respond(500)).toBe(false);
    expect(sent().map(([status]) => status)).toEqual([200, 200]);
  });

  it("passes an ACK up, with a new branch as with the INVITE's (RFC 6026 §7.1)", () => {
    const { receive, respond, acknowledge, user } = setUp();
    receive();
    respond(200);
    acknowledge('z9hG4bKnew');
    acknowledge('z9hG4bKinv');
    expect(user.requests.slice(1).map((each) => [each.request.method, each.transaction])).toEqual([
      ['ACK', undefined],
      ['ACK', undefined],
    ]);
    expect(user.requests[0]?.transaction?.state).toBe('Accepted');
  });

  it('stays when a 2xx can not be sent, and tells the TU (RFC 6026 §7.1)', () => {
    const { receive, respond, transport, clock, user } = setUp();
    receive();
    transport.failure = new Error('EHOSTUNREACH');
    respond(200);
    clock.advance(0);
    expect(user.failures).toEqual([{ transaction: user.transaction, reason: 'transport error' }]);
    expect(user.transaction.state).toBe('Accepted');
  });

  it('ends with Timer L after 64*T1 on every transport (RFC 6026 §8.7)', () => {
    for (const protocol of ['UDP', 'TCP'] as const) {
      const { receive, respond, clock, layer } = setUp(protocol);
      receive();
      respond(200);
      clock.advance(31_999);
      expect(layer.counts().inviteServer).toBe(1);
      clock.advance(1);
      expect(layer.counts().inviteServer).toBe(0);
      expect(clock.armed).toBe(0);
    }
  });
});
