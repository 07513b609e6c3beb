import type { CallTarget, Route } from '@legato/b2bua';
import type { Flow, SipRequest } from '@legato/sip';
import { SipResponse } from '@legato/sip';
import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:1014@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const AOR = 'sip:1014@example.com';

const target = (port: number): CallTarget => ({ uri: `sip:1014@192.0.2.3:${port}` });

describe('a call to a registered user', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let desk: FlowPeer;
  let mobile: FlowPeer;

  async function start(route: Partial<Route>): Promise<void> {
    world = await FlowWorld.start({ routes: { '1014': { to: AOR, mode: 'direct', ...route } } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    desk = world.peer('desk', '192.0.2.3', 5061);
    mobile = world.peer('mobile', '192.0.2.3', 5062);
  }

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  function hangUp(callee: FlowPeer): void {
    const ok = caller.response(200);
    const dialog = { ...dialogOfCaller, remoteTag: ok.to.tag, remoteTarget: ok.contact?.uri ?? '' };
    caller.within(dialog, 'ACK');
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  }

  let dialogOfCaller: ReturnType<FlowPeer['invite']>;
  function invite(peer: FlowPeer): SipRequest {
    dialogOfCaller = caller.invite(URI, { text: OFFER });
    return peer.request('INVITE');
  }

  it('rings its first place under the name that was dialled (RFC 3261 §16.6)', async () => {
    await start({ targets: [target(5061), target(5062)] });
    const first = invite(desk);
    expect(first.requestUri).toBe('sip:1014@192.0.2.3:5061');
    expect(first.to.uri).toBe(AOR);
    expect(mobile.inbox).toEqual([]);
    desk.respond(first, 200, { text: ANSWER });
    desk.request('ACK');
    hangUp(desk);
  });

  it.each([486, 480, 408, 503, 404])('rings the next one when the first says %i', async (status) => {
    await start({ targets: [target(5061), target(5062)] });
    const first = invite(desk);
    desk.respond(first, 180);
    caller.response(180);
    desk.respond(first, status);
    desk.request('ACK');
    const second = mobile.request('INVITE');
    expect(second.callId).not.toBe(first.callId);
    expect(second.body.toString()).toBe(OFFER);
    mobile.respond(second, 200, { text: ANSWER });
    mobile.request('ACK');
    hangUp(mobile);
  });

  it('stops the first one when it does not answer, before it rings the next', async () => {
    await start({ targets: [target(5061), target(5062)] });
    const first = invite(desk);
    desk.respond(first, 180);
    world.clock.advance(19_999);
    expect(mobile.inbox).toEqual([]);
    world.clock.advance(1);
    const cancel = desk.request('CANCEL');
    desk.respond(cancel, 200);
    desk.respond(first, 487);
    mobile.respond(mobile.request('INVITE'), 200, { text: ANSWER });
    mobile.request('ACK');
    hangUp(mobile);
  });

  it('lets go of the first one when it answers too late (RFC 3261 §9.1)', async () => {
    await start({ targets: [target(5061), target(5062)] });
    const first = invite(desk);
    desk.respond(first, 180);
    world.clock.advance(20_000);
    desk.respond(desk.request('CANCEL'), 200);
    desk.respond(first, 200, { text: ANSWER });
    desk.request('ACK');
    desk.respond(desk.request('BYE'), 200);
    expect(world.call.state).toBe('ringing');
    mobile.respond(mobile.request('INVITE'), 200, { text: ANSWER });
    mobile.request('ACK');
    hangUp(mobile);
  });

  it('gives the last one the whole time', async () => {
    await start({ targets: [target(5061), target(5062)] });
    desk.respond(invite(desk), 486);
    mobile.respond(mobile.request('INVITE'), 180);
    world.clock.advance(59_999);
    expect(world.call.state).toBe('ringing');
    world.clock.advance(1);
    // Busy is what the caller can do most with: the other place only did not answer.
    caller.response(486);
  });

  it.each([
    ['486 before 480', [486, 480], 486],
    ['486 after 480', [480, 486], 486],
    ['404 rather than a failed server', [500, 404], 404],
    ['the 6xx of any', [486, 603], 603],
  ])(
    'tells the caller the best of all refusals: %s (RFC 3261 §16.7 step 6)',
    async (_what, statuses, best) => {
      await start({ targets: [target(5061), target(5062)] });
      const [first = 0, second = 0] = statuses;
      desk.respond(invite(desk), first);
      mobile.respond(mobile.request('INVITE'), second);
      caller.response(best);
      caller.within(dialogOfCaller, 'ACK');
      expect(world.settle()).toEqual(NOTHING_HELD);
    },
  );

  it('ends with a 6xx, whoever else could be rung (RFC 3261 §16.7 step 5)', async () => {
    await start({ targets: [target(5061), target(5062)] });
    desk.respond(invite(desk), 603);
    caller.response(603);
    expect(mobile.inbox).toEqual([]);
  });

  it('rings nobody else when the caller has cancelled', async () => {
    await start({ targets: [target(5061), target(5062)] });
    const first = invite(desk);
    desk.respond(first, 180);
    caller.cancel(dialogOfCaller.invite);
    desk.respond(desk.request('CANCEL'), 200);
    desk.respond(first, 487);
    caller.response(487);
    expect(mobile.inbox).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('shows the caller no early media of a place that another one may follow', async () => {
    await start({ targets: [target(5061), target(5062)] });
    desk.respond(invite(desk), 183, { text: ANSWER });
    expect(caller.response(183).body).toHaveLength(0);
    desk.respond(dialogOfDesk(), 486);
    mobile.respond(mobile.request('INVITE'), 183, { text: ANSWER });
    expect(caller.response(183).body.toString()).toBe(ANSWER);
  });

  function dialogOfDesk(): SipRequest {
    const sent = world.transport.sent.find(
      ({ message }) => message.kind === 'request' && message.requestUri.endsWith(':5061'),
    );
    if (sent?.message.kind !== 'request') throw new Error('the desk got no INVITE');
    return sent.message;
  }

  it('is 480 when it is registered nowhere', async () => {
    await start({ targets: [] });
    caller.invite(URI, { text: OFFER });
    caller.response(480);
  });

  it('goes through the proxies of its Path (RFC 3327 §5.4)', async () => {
    const path = ['<sip:192.0.2.3:5062;lr>', '<sip:p1.example.net;lr>'];
    await start({ targets: [{ uri: 'sip:1014@10.1.1.1', path }] });
    const request = invite(mobile);
    expect(request.requestUri).toBe('sip:1014@10.1.1.1');
    expect(request.headers.getAll('Route')).toEqual(path);
  });

  it('reaches a client behind a NAT along the flow of its REGISTER, to the end of the call (RFC 5626 §5.3)', async () => {
    const flow: Flow = {
      protocol: 'UDP',
      local: LEGATO,
      remote: { host: '192.0.2.3', port: 5061 },
    };
    await start({ targets: [{ uri: 'sip:1014@192.168.1.107:62118', flow }] });
    const request = invite(desk);
    expect(request.requestUri).toBe('sip:1014@192.168.1.107:62118');
    desk.send(
      SipResponse.to(request, 200, {
        toTag: 'desk-tag',
        headers: [['Contact', '<sip:1014@192.168.1.107:62118>']],
        body: Buffer.from(ANSWER),
        contentType: 'application/sdp',
      }),
    );
    expect(desk.request('ACK').requestUri).toBe('sip:1014@192.168.1.107:62118');
    hangUp(desk);
  });

  it('is anchored with one offer of the media server, whichever place answers', async () => {
    await start({ mode: 'anchored', targets: [target(5061), target(5062)] });
    const media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
    dialogOfCaller = caller.invite(URI, { text: OFFER });
    media.accept();
    media.peer.request('ACK');
    media.accept();
    const first = desk.request('INVITE');
    desk.respond(first, 183, { text: ANSWER });
    desk.respond(first, 486);
    const second = mobile.request('INVITE');
    expect(second.body.toString()).toBe(first.body.toString());
    mobile.respond(second, 200, { text: audio('192.0.2.3', 6000, 'sendrecv', '8') });
    mobile.request('ACK');
    expect(media.peer.request('ACK').body.toString()).toContain('m=audio 6000');
    media.result(media.msml().info);
    caller.response(200);
  });
});

describe('a call whose callee has to be looked up', () => {
  const later = () => new Promise(setImmediate);

  async function start(find: () => Promise<Route | undefined>) {
    const world = await FlowWorld.start({ find });
    return { world, caller: world.peer('alice', '192.0.2.2', 5060) };
  }

  it('goes on when the answer is there', async () => {
    const { world, caller } = await start(() =>
      Promise.resolve({ to: AOR, mode: 'direct', targets: [target(5061)] }),
    );
    const desk = world.peer('desk', '192.0.2.3', 5061);
    caller.invite(URI, { text: OFFER });
    await later();
    desk.request('INVITE');
  });

  it('rings nobody when it was cancelled in the meantime (RFC 3261 §9.2)', async () => {
    let found: (route: Route) => void = () => undefined;
    const { world, caller } = await start(() => new Promise<Route>((resolve) => (found = resolve)));
    const desk = world.peer('desk', '192.0.2.3', 5061);
    const { invite } = caller.invite(URI, { text: OFFER });
    caller.cancel(invite);
    caller.response(487);
    found({ to: AOR, mode: 'direct', targets: [target(5061)] });
    await later();
    expect(desk.inbox).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is 503 when nobody answers the question, 404 when the answer is nobody', async () => {
    const away = await start(() => Promise.reject(new Error('the store is away')));
    away.caller.invite(URI, { text: OFFER });
    await later();
    expect(away.caller.response(503).headers.get('Retry-After')).toBe('5');
    const nobody = await start(() => Promise.resolve(undefined));
    nobody.caller.invite(URI, { text: OFFER });
    await later();
    nobody.caller.response(404);
  });
});

describe('a call that an application asks for', () => {
  it('rings the places of a registered party', async () => {
    const world = await FlowWorld.start({
      locate: { [AOR]: [target(5061), target(5062)], 'sip:gone@example.com': [] },
    });
    const desk = world.peer('desk', '192.0.2.3', 5061);
    const mobile = world.peer('mobile', '192.0.2.3', 5062);
    const call = { from: 'sip:app@example.com', mode: 'direct' } as const;
    await world.b2bua.originate({ ...call, to: [AOR, 'sip:bob@192.0.2.4'] });
    desk.respond(desk.request('INVITE'), 486);
    expect(mobile.request('INVITE').to.uri).toBe(AOR);
    expect(await world.b2bua.originate({ ...call, to: [AOR, 'sip:gone@example.com'] })).toMatchObject({
      refused: 'conflict',
      code: 'party_not_registered',
    });
  });
});
