import type { SipRequest } from '@legato/sip';
import type { FlowPeer, PeerDialog } from './support/flow-peer';
import { FlowMediaServer } from './support/flow-media-server';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

/** Each step of a set-up; the process dies after one of them, and the next goes on with what stands in the store. */
describe('a call that is being set up, in the process that takes it over', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;
  let dialog: PeerDialog & { invite: SipRequest };
  let toCallee: SipRequest;

  function meet(): void {
    // The parties are who they were: only who carries their messages is another.
    caller = Object.assign(world.peer('alice', '192.0.2.2', 5060), { serial: 100 });
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = Object.assign(new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080)), {
      connections: media ? media['connections'] : 0,
    });
  }

  beforeEach(async () => {
    world = await FlowWorld.start({
      routes: {
        '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' },
        '2000': { to: 'sip:bob@192.0.2.3:5060', mode: 'anchored' },
      },
    });
    meet();
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  async function takeOver(): Promise<void> {
    const { table } = world;
    world = await FlowWorld.start({ table });
    meet();
    await world.registry.restore('node-1');
  }

  const invite = (number: string) => () => {
    dialog = caller.invite(`sip:${number}@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
  };

  /** The INVITE that came, or its copy: they are one. */
  function ring(): void {
    toCallee = callee.request('INVITE');
    callee.respond(toCallee, 180);
  }

  function accept(): void {
    callee.respond(toCallee, 200, { text: ANSWER });
    expect(callee.request('ACK').cseq.number).toBe(1);
  }

  function talk(): void {
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
  }

  function hangUp(): void {
    caller.within(dialog, 'BYE');
    caller.response(200);
    callee.respond(callee.request('BYE'), 200);
  }

  const direct: readonly (readonly [string, () => void])[] = [
    ['the INVITE came', invite('1000')],
    ['the callee rang', ring],
    ['the callee answered', accept],
    ['the caller acknowledged', talk],
  ];

  const anchored: readonly (readonly [string, () => void])[] = [
    ['the INVITE came', invite('2000')],
    [
      'the media server answered the caller',
      () => {
        media.accept();
        media.peer.request('ACK');
      },
    ],
    ['the media server made an offer', () => void media.accept()],
    ['the callee rang', ring],
    ['the callee answered', accept],
    ['the media server joined them', () => media.result(media.msml().info)],
    ['the caller acknowledged', talk],
  ];

  it.each(direct.map(([name], index) => [name, index] as const))(
    'goes on when the process died after %s, between two parties',
    async (_name, last) => {
      for (const [index, [, step]] of direct.entries()) {
        step();
        if (index === last) await takeOver();
      }
      hangUp();
      const types = await world.eventTypes();
      expect(types.filter((type) => type === 'call.ended')).toHaveLength(1);
      expect(types).toContain('call.recovered');
      expect(await world.records()).toHaveLength(1);
      expect(world.settle()).toEqual(NOTHING_HELD);
    },
  );

  it.each(anchored.map(([name], index) => [name, index] as const))(
    'goes on when the process died after %s, at the media server',
    async (_name, last) => {
      for (const [index, [, step]] of anchored.entries()) {
        step();
        if (index === last) await takeOver();
      }
      hangUp();
      for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
      expect((await world.eventTypes()).filter((type) => type === 'call.ended')).toHaveLength(1);
      expect(await world.records()).toHaveLength(1);
      expect(world.settle()).toEqual(NOTHING_HELD);
    },
  );

  it('leaves nobody ringing when its caller cancelled while nobody was there', async () => {
    invite('1000')();
    ring();
    await takeOver();
    caller.cancel(dialog.invite);
    caller.response(487);
    callee.respond(callee.request('INVITE'), 180);
    callee.respond(callee.request('CANCEL'), 200);
    callee.respond(toCallee, 487);
    world.clock.advance(1);
    expect(await world.records()).toMatchObject([{ ended_reason: 'canceled' }]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('sends its CANCEL again', async () => {
    invite('1000')();
    ring();
    caller.cancel(dialog.invite);
    await takeOver();
    callee.respond(callee.request('INVITE'), 180);
    callee.respond(callee.request('CANCEL'), 200);
    callee.respond(toCallee, 487);
    world.clock.advance(1);
    expect(await world.records()).toMatchObject([{ ended_reason: 'canceled' }]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });
});
