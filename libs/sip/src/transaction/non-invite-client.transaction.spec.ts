import { FakeClock, RecordingClientUser, RecordingTransport, buildRequest } from '@legato/testing';
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
  const info = buildRequest({ method: 'INFO', vias: [] });
  const send = (): ClientTransaction => layer.sendRequest(info, user, { target: peer });
  const receive = (_transaction: ClientTransaction, status: number): void =>
    transport.inject(SipResponse.to(info, status, { toTag: 'bob' }), peer);
  const sentAt = (): number[] => transport.sent.map((each) => each.atMs);
  return { clock, transport, layer, user, send, receive, sentAt };
}

describe('non-INVITE client transaction, Trying', () => {
  it('caps Timer E at T2 and times out with Timer F at 64*T1 (§17.1.2.2)', () => {
    const { send, clock, sentAt, user, layer } = setUp();
    send();
    clock.advance(32_000);
    expect(sentAt()).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(user.timeouts).toBe(1);
    expect(layer.counts().nonInviteClient).toBe(0);
    expect(clock.armed).toBe(0);
  });

  it('sends once over a reliable transport and still runs Timer F (§17.1.2.2)', () => {
    const { send, clock, sentAt, user } = setUp('TCP');
    send();
    clock.advance(32_000);
    expect(sentAt()).toEqual([0]);
    expect(user.timeouts).toBe(1);
  });

  it('tells the TU of a transport error and ends (§17.1.4)', () => {
    const { send, clock, transport, user, layer } = setUp();
    transport.failure = new Error('ENETUNREACH');
    send();
    clock.advance(0);
    expect(user.errors).toHaveLength(1);
    expect(layer.counts().nonInviteClient).toBe(0);
  });

  it('passes a final response up and stops (§17.1.2.2)', () => {
    const { send, receive, clock, sentAt, user } = setUp();
    receive(send(), 200);
    clock.advance(60_000);
    expect(sentAt()).toEqual([0]);
    expect(user.statuses).toEqual([200]);
    expect(user.timeouts).toBe(0);
  });
});

describe('non-INVITE client transaction, Proceeding', () => {
  it('passes provisionals up and retransmits at T2 intervals (§17.1.2.2)', () => {
    const { send, receive, clock, sentAt, user } = setUp();
    const transaction = send();
    receive(transaction, 100);
    receive(transaction, 100);
    clock.advance(9_000);
    expect(sentAt()).toEqual([0, 500, 4500, 8500]);
    expect(user.statuses).toEqual([100, 100]);
  });

  it('times out with Timer F (§17.1.2.2)', () => {
    const { send, receive, clock, user } = setUp();
    receive(send(), 100);
    clock.advance(32_000);
    expect(user.timeouts).toBe(1);
  });

  it('tells the TU of a transport error (§17.1.2.2 Figure 6)', () => {
    const { send, receive, clock, transport, user } = setUp();
    receive(send(), 100);
    transport.failure = new Error('ENETUNREACH');
    clock.advance(500);
    expect(user.errors).toHaveLength(1);
  });

  it('passes a final response up (§17.1.2.2)', () => {
    const { send, receive, user } = setUp();
    const transaction = send();
    receive(transaction, 100);
    receive(transaction, 603);
    expect(user.statuses).toEqual([100, 603]);
  });
});

describe('non-INVITE client transaction, Completed', () => {
  it('absorbs copies of the response for T4, then ends with Timer K (§17.1.2.2)', () => {
    const { send, receive, clock, user, layer } = setUp();
    const transaction = send();
    receive(transaction, 200);
    receive(transaction, 200);
    clock.advance(4_999);
    expect(layer.counts().nonInviteClient).toBe(1);
    clock.advance(1);
    expect(layer.counts().nonInviteClient).toBe(0);
    expect(user.statuses).toEqual([200]);
    expect(clock.armed).toBe(0);
  });

  it.each(['Trying', 'Proceeding'])(
    'leaves one timer when it comes from %s, and no event is lost',
    (state) => {
      const { send, receive, clock, layer } = setUp();
      const transaction = send();
      if (state === 'Proceeding') receive(transaction, 100);
      clock.advance(29_000);
      receive(transaction, 200);
      expect(clock.armed).toBe(1);
      clock.advance(5_000);
      expect(layer.counts().nonInviteClient).toBe(0);
      expect(clock.armed).toBe(0);
      expect(layer.counters().ignoredEvents).toBe(0);
    },
  );

  it('ends at once over a reliable transport (§17.1.2.2)', () => {
    const { send, receive, layer } = setUp('TCP');
    receive(send(), 200);
    expect(layer.counts().nonInviteClient).toBe(0);
  });
});
