import { FakeClock, MemoryNetwork, ScriptedUserAgent, sdp } from '@legato/testing';
import type { RecordingTransport, ScriptedCall, SentMessage } from '@legato/testing';

const OFFER = sdp('v=0 offer');
const ANSWER = sdp('v=0 answer');
const LATENCY_MS = 10;

interface World {
  readonly clock: FakeClock;
  readonly network: MemoryNetwork;
  readonly alice: ScriptedUserAgent;
  readonly bob: ScriptedUserAgent;
  readonly bobsTransport: RecordingTransport;
  /** Lines of what Alice and Bob sent since the last look, who sent it in front. */
  ladder(): string[];
  run(ms?: number): void;
  lose(matches: (line: string) => boolean): void;
  /** A confirmed call from Alice to Bob. */
  connect(): { a: ScriptedCall; b: ScriptedCall };
}

async function world(): Promise<World> {
  const clock = new FakeClock();
  let losing: (line: string) => boolean = () => false;
  const lose = ({ bytes }: SentMessage) => losing(bytes.toString('latin1'));
  const network = new MemoryNetwork(clock, { latencyMs: LATENCY_MS, lose });
  const bobsTransport = network.transport({ host: '192.0.2.2', port: 5060 });
  const alice = new ScriptedUserAgent({
    clock,
    transport: network.transport({ host: '192.0.2.1', port: 5060 }),
    user: 'alice',
  });
  const bob = new ScriptedUserAgent({ clock, transport: bobsTransport, user: 'bob' });
  await Promise.all([alice.start(), bob.start()]);
  const run = (ms = 3 * LATENCY_MS) => clock.advance(ms);
  return {
    clock,
    network,
    alice,
    bob,
    bobsTransport,
    run,
    ladder: () =>
      network.ladder
        .splice(0)
        .map(({ from, line }) => `${from.host.endsWith('1') ? 'A' : 'B'} ${line.replace(/ ?SIP\/2.0 ?| sip:.*/g, '')}`),
    lose: (matches) => {
      losing = matches;
    },
    connect: () => {
      const a = alice.invite(bob.uri, OFFER);
      run();
      const b = bob.call;
      b.usage.accept(ANSWER);
      run();
      a.usage.acknowledge();
      run();
      network.ladder.splice(0);
      a.events.splice(0);
      b.events.splice(0);
      return { a, b };
    },
  };
}

const NOTHING = {
  usages: 0,
  dialogs: 0,
  inviteClient: 0,
  inviteServer: 0,
  nonInviteClient: 0,
  nonInviteServer: 0,
};

/** Everything has run out at both ends. */
function expectNothingHeld({ clock, alice, bob }: World): void {
  clock.advance(70_000);
  expect(alice.held()).toEqual(NOTHING);
  expect(bob.held()).toEqual(NOTHING);
  expect(clock.armed).toBe(0);
}

describe('an INVITE usage, from end to end', () => {
  it('opens a dialog, acknowledges, hangs up and leaves nothing behind (§13, §15)', async () => {
    const w = await world();
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
    expectNothingHeld(w);
  });

  it('sends the 2xx again, T1 doubling to T2, until its ACK comes (§13.3.1.4)', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.lose((line) => line.startsWith('ACK'));
    w.bob.call.usage.accept(ANSWER);
    w.run();
    a.usage.acknowledge();
    w.ladder();
    w.run(7_600);
    // Copies at 0.5, 1.5, 3.5 and 7.5 s, each answered by the same ACK (§13.2.2.4).
    expect(w.ladder()).toEqual(Array<string[]>(4).fill(['B 200 OK', 'A ACK']).flat());
    w.lose(() => false);
    w.run(4_000);
    expect(w.ladder()).toEqual(['B 200 OK', 'A ACK']);
    expect(w.bob.call.told).toEqual(['acknowledged INVITE']);
    w.run(30_000);
    expect(w.ladder()).toEqual([]);
    expect(a.told).toEqual(['accepted INVITE']);
  });

  it('gives the ACK up after 64*T1, once (§13.3.1.4)', async () => {
    const w = await world();
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
    expectNothingHeld(w);
  });

  it('acknowledges with the answer to a delayed offer, and hands it up (§13.2.2.4)', async () => {
    const w = await world();
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
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.refuse(486, 'Busy Here', [['Retry-After', '60']]);
    w.run();
    expect(a.told).toEqual(['refused INVITE 486', 'ended refused']);
    expect(a.last('refused').response?.headers.get('Retry-After')).toBe('60');
    expect(w.bob.call.told).toEqual(['ended refused']);
    expectNothingHeld(w);
  });

  it('reports 408 when nobody answers an INVITE (§8.1.3.1)', async () => {
    const w = await world();
    w.lose(() => true);
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run(33_000);
    expect(a.told).toEqual(['refused INVITE 408', 'ended refused']);
    expectNothingHeld(w);
  });

  it('reports 503 when the INVITE can not be sent (§8.1.3.1)', async () => {
    const w = await world();
    const a = w.alice.invite('sip:nobody@unresolvable.example', OFFER);
    w.run();
    expect(a.told).toEqual(['refused INVITE 503', 'ended refused']);
    expectNothingHeld(w);
  });
});

describe('CANCEL and 200, in every order (§9.1, §15)', () => {
  it('cancels before any provisional response: the CANCEL is held, the callee answers 487', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    a.usage.cancel();
    w.run(300);
    expect(w.ladder()).toEqual(['A INVITE', 'B 100 Trying', 'A CANCEL', 'B 200 OK', 'B 487 Request Terminated', 'A ACK']);
    expect(a.told).toEqual(['refused INVITE 487', 'ended cancelled']);
    expect(w.bob.call.told).toEqual(['cancelled', 'ended cancelled']);
    expectNothingHeld(w);
  });

  it('cancels while ringing; accept() after the CANCEL does nothing', async () => {
    const w = await world();
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
    expectNothingHeld(w);
  });

  it('meets a 200 that crosses the CANCEL on the wire: ACK, BYE, one refusal', async () => {
    const w = await world();
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
    expectNothingHeld(w);
  });

  it('meets a 200 that was on its way when the CANCEL was still held', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    a.usage.cancel();
    w.run(100);
    expect(w.ladder()).toEqual(['A INVITE', 'B 200 OK', 'A ACK', 'A BYE', 'B 200 OK']);
    expect(a.told).toEqual(['refused INVITE 487', 'ended cancelled']);
    expectNothingHeld(w);
  });

  it('hangs up when cancel() comes after the 200, before its ACK: no CANCEL is sent', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    w.ladder();
    a.usage.cancel();
    w.run(100);
    expect(w.ladder()).toEqual(['A ACK', 'A BYE', 'B 200 OK']);
    expect(a.told).toEqual(['accepted INVITE', 'ended bye sent']);
    expectNothingHeld(w);
  });

  it('hangs up when cancel() comes after the ACK', async () => {
    const w = await world();
    const { a, b } = w.connect();
    a.usage.cancel();
    w.run();
    expect(w.ladder()).toEqual(['A BYE', 'B 200 OK']);
    expect(b.told).toEqual(['bye', 'ended bye received']);
    expectNothingHeld(w);
  });

  it('reports the refusal of a cancelled call that never gets a final response, 64*T1 after the CANCEL (§9.1)', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.lose(() => true);
    a.usage.cancel();
    w.run(40_000);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
  });

  it('ends before anything was sent when cancel() comes before invite()', async () => {
    const w = await world();
    const { InviteUsage } = await import('./invite-usage');
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
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.bye();
    w.run();
    expect(a.told).toEqual(['refused INVITE 487', 'ended refused']);
    expect(w.bob.call.told).toEqual(['ended refused']);
    expectNothingHeld(w);
  });

  it('cancels an INVITE that is under way', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    a.usage.bye();
    w.run(100);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
    expectNothingHeld(w);
  });

  it('waits with the BYE of the callee until the ACK has come (§15)', async () => {
    const w = await world();
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
    expectNothingHeld(w);
  });

  it('sends the BYE of the callee when the ACK never comes (§15)', async () => {
    const w = await world();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.bob.call.usage.bye();
    w.run(33_000);
    expect(w.bob.call.told).toEqual(['ended bye sent']);
    expect(w.ladder().filter((line) => line === 'B BYE')).toHaveLength(1);
  });

  it('ends when nobody answers the BYE (§15.1.1)', async () => {
    const w = await world();
    const { a } = w.connect();
    w.lose(() => true);
    a.usage.bye();
    w.run(33_000);
    expect(a.told).toEqual(['ended bye sent']);
  });

  it('ends both sides when two BYEs cross (RFC 5407 §3.2.1)', async () => {
    const w = await world();
    const { a, b } = w.connect();
    a.usage.bye();
    b.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A BYE', 'B BYE', 'B 200 OK', 'A 200 OK']);
    expect([a.told, b.told]).toEqual([['ended bye sent'], ['ended bye sent']]);
    expectNothingHeld(w);
  });

  it('carries a Reason (RFC 3326 §2)', async () => {
    const w = await world();
    const { a, b } = w.connect();
    a.usage.bye('Q.850;cause=16');
    w.run();
    expect(b.last('bye').request.headers.get('Reason')).toBe('Q.850;cause=16');
  });

  it('answers pending requests with 487 when the BYE comes (§15.1.2)', async () => {
    const w = await world();
    const { a, b } = w.connect();
    a.usage.reinvite(OFFER);
    w.run();
    a.usage.request('INFO', 'one', sdp('x'));
    w.run();
    expect(b.told).toEqual(['re-INVITE', 'request INFO']);
    w.ladder();
    a.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A BYE', 'B 200 OK', 'B 487 Request Terminated', 'B 487 Request Terminated', 'A ACK']);
    expect(a.told).toEqual(['answered INFO 481', 'refused re-INVITE 481', 'ended bye sent']);
    expectNothingHeld(w);
  });

  it('takes a BYE of the caller in an early dialog: 200, and 487 to the INVITE (§15.1.2)', async () => {
    const w = await world();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.ladder();
    const { createInDialogRequest } = await import('../dialog/in-dialog-request');
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
