import { FakeClock, OFFER, RecordingTransport, ScriptedUserAgent } from '@legato/testing';
import type { ScriptedCall } from '@legato/testing';
import { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';

/** A caller whose peers are played by hand. */
class ForkedCall {
  readonly clock = new FakeClock();
  readonly transport = new RecordingTransport({ clock: this.clock });
  readonly alice = new ScriptedUserAgent({ clock: this.clock, transport: this.transport, user: 'alice' });
  readonly call: ScriptedCall;
  readonly invite: SipRequest;

  private constructor() {
    this.call = this.alice.invite('sip:bob@192.0.2.9', OFFER);
    this.invite = this.transport.take()[0] as SipRequest;
  }

  static async begin(): Promise<ForkedCall> {
    const forked = new ForkedCall();
    await forked.alice.start();
    return forked;
  }

  respond(status: number, toTag: string, to: SipRequest = this.invite): void {
    const headers = [['Contact', `<sip:bob@192.0.2.9:5062;branch=${toTag}>`]] as const;
    this.transport.inject(SipResponse.to(to, status, { toTag, headers }), { host: '192.0.2.9', port: 5060 });
  }

  /** What was sent: `ACK one`, by To tag. */
  sent(): string[] {
    return this.transport.take().map((message) => {
      if (!(message instanceof SipRequest)) return String(message.status);
      return `${message.method} ${message.to.tag ?? ''}`;
    });
  }
}

describe('a forked INVITE (§13.2.2.4)', () => {
  it('follows the provisional responses of the first branch only (§12.1.2)', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(180, 'one');
    forked.respond(183, 'two');
    forked.respond(183, 'one');
    expect(forked.call.told).toEqual(['provisional 180', 'provisional 183']);
    expect(forked.call.events.map((event) => event.type === 'provisional' && event.response.to.tag)).toEqual([
      'one',
      'one',
    ]);
    expect(forked.alice.core.dialogs.size).toBe(1);
  });

  it('takes the dialog of the branch that answers, whichever rang', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(180, 'one');
    forked.respond(200, 'two');
    forked.call.usage.acknowledge();
    expect(forked.sent()).toEqual(['ACK two']);
    expect(forked.call.usage.state.dialog).toMatchObject({ remoteTag: 'two', state: 'confirmed' });
    expect(forked.alice.core.dialogs.size).toBe(1);
  });

  it('acknowledges a further 2xx of another branch and hangs it up, once, and acknowledges each of its copies', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(200, 'one');
    forked.call.usage.acknowledge();
    forked.sent();
    forked.respond(200, 'two');
    expect(forked.sent()).toEqual(['ACK two', 'BYE two']);
    forked.respond(200, 'two');
    expect(forked.sent()).toEqual(['ACK two']);
    expect(forked.call.told).toEqual(['accepted INVITE']);
  });

  it('does not take the answer to the BYE of a fork for one to its own BYE', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(200, 'one');
    forked.call.usage.acknowledge();
    forked.respond(200, 'two');
    const bye = forked.transport.take().at(-1) as SipRequest;
    forked.call.usage.bye();
    forked.sent();
    forked.respond(200, 'two', bye);
    expect(forked.call.hasEnded).toBe(false);
  });

  it('repeats the ACK for each copy of the first 2xx, with a branch of its own (§17.1.1.3)', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(200, 'one');
    forked.respond(200, 'one');
    expect(forked.sent()).toEqual([]);
    forked.call.usage.acknowledge(OFFER);
    forked.respond(200, 'one');
    const acks = forked.transport.take() as SipRequest[];
    expect(acks.map(({ method, requestUri }) => `${method} ${requestUri}`)).toEqual(
      Array(2).fill('ACK sip:bob@192.0.2.9:5062;branch=one'),
    );
    expect(acks.map(({ body }) => Buffer.from(body).toString())).toEqual(['v=0 offer', 'v=0 offer']);
    expect(new Set([forked.invite, ...acks].map(({ via }) => via.branch)).size).toBe(3);
  });

  it('hangs up a 2xx that comes when the usage has ended', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(200, 'one');
    forked.call.usage.acknowledge();
    forked.call.usage.bye();
    const bye = forked.transport.take().at(-1) as SipRequest;
    forked.respond(200, 'one', bye);
    expect(forked.call.hasEnded).toBe(true);
    forked.respond(200, 'two');
    expect(forked.sent()).toEqual(['ACK two', 'BYE two']);
  });

  it('hangs up every branch that answers a cancelled INVITE, and tells of one refusal', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(180, 'one');
    forked.call.usage.cancel();
    forked.sent();
    forked.respond(200, 'one');
    forked.respond(200, 'two');
    expect(forked.sent()).toEqual(['ACK one', 'BYE one', 'ACK two', 'BYE two']);
    expect(forked.call.told).toEqual(['provisional 180', 'refused INVITE 487']);
  });

  it('takes an early response without tag as a provisional without dialog (§12.1.2)', async () => {
    const forked = await ForkedCall.begin();
    const response = SipResponse.to(forked.invite, 180);
    forked.transport.inject(response, { host: '192.0.2.9', port: 5060 });
    expect(forked.call.told).toEqual(['provisional 180']);
    expect(forked.call.usage.state.dialog).toBeNull();
  });
});

describe('the early dialogs of a forked INVITE', () => {
  it('are followed one after the other when 199 ends the first, whose late 18x is ignored (RFC 6228 §5)', async () => {
    const forked = await ForkedCall.begin();
    forked.respond(180, 'one');
    forked.respond(199, 'one');
    expect(forked.alice.core.dialogs.size).toBe(0);
    forked.respond(180, 'one');
    forked.respond(183, 'two');
    expect(forked.call.told).toEqual(['provisional 180', 'provisional 199', 'provisional 183']);
    expect(forked.call.usage.state.dialog?.remoteTag).toBe('two');
    forked.respond(200, 'one');
    forked.call.usage.acknowledge();
    expect(forked.sent()).toEqual(['ACK one']);
  });

  it('all get their PRACK, and their sequence numbers go on in the one that answers (RFC 3262 §4)', async () => {
    const forked = await ForkedCall.begin();
    const reliable = (status: number, toTag: string, rseq: number) => {
      const headers = [
        ['Contact', '<sip:bob@192.0.2.9>'],
        ['Require', '100rel'],
        ['RSeq', String(rseq)],
      ] as const;
      forked.transport.inject(SipResponse.to(forked.invite, status, { toTag, headers }), {
        host: '192.0.2.9',
        port: 5060,
      });
    };
    reliable(183, 'one', 10);
    reliable(183, 'two', 77);
    reliable(180, 'two', 78);
    reliable(180, 'two', 78);
    const pracks = forked.transport.take() as SipRequest[];
    expect(pracks.map(({ to, cseq, headers }) => `${to.tag} ${cseq.number} ${headers.get('RAck')}`)).toEqual([
      'one 2 10 1 INVITE',
      'two 2 77 1 INVITE',
      'two 3 78 1 INVITE',
    ]);
    forked.respond(200, 'two');
    forked.call.usage.acknowledge();
    forked.respond(200, 'one');
    forked.call.usage.bye();
    const requests = forked.transport.take() as SipRequest[];
    expect(requests.map(({ method, to, cseq }) => `${method} ${to.tag} ${cseq.number}`)).toEqual([
      'ACK two 1',
      'ACK one 1',
      'BYE one 2',
      'BYE two 4',
    ]);
  });
});
