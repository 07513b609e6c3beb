import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, audio } from './support/flow-world';

const at = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const BOB = 'sip:bob@192.0.2.3:5060';

describe('every call ends with one call.ended and one detail record', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;

  beforeEach(async () => {
    world = await FlowWorld.start({
      routes: {
        '1000': { to: BOB, mode: 'direct' },
        '7000': { target: { kind: 'webhook', name: 'crm' } },
      },
    });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  /** Whatever the peers still say or do not say. */
  async function theRecord() {
    world.clock.advance(120_000);
    world.settle();
    const ended = (await world.events.read('', 100)).events.filter(({ type }) => type === 'call.ended');
    const records = await world.records();
    expect([ended.length, records.length]).toEqual([1, 1]);
    const [record] = records;
    expect(record).toMatchObject({
      call_id: ended[0]?.subject,
      ended_reason: ended[0]?.data['ended_reason'],
      duration_ms: ended[0]?.data['duration_ms'],
    });
    return record;
  }

  it('that has what counts: parties, times, reason, recordings, metadata', async () => {
    await world.b2bua.originate({
      from: 'sip:desk@example.com',
      to: ['sip:alice@192.0.2.2:5060'],
      mode: 'anchored',
      metadata: { ticket: '4711' },
      record: { channels: 'mono' },
    });
    media.accept();
    const invite = caller.request('INVITE');
    world.clock.advance(2_000);
    caller.respond(invite, 200, { text: OFFER });
    const recordings = world.call.recordings.map(({ id }) => id);
    world.clock.advance(3_000);
    caller.within(caller.accepted(invite), 'BYE');
    const { id } = world.call;
    const record = await theRecord();
    expect(record).toMatchObject({
      id: id.replace('call_', 'cdr_'),
      direction: 'outbound',
      mode: 'anchored',
      from: 'sip:desk@example.com',
      to: ['sip:alice@192.0.2.2:5060'],
      parties: [{ role: 'caller', uri: 'sip:alice@192.0.2.2:5060', sip_call_id: invite.callId }],
      ended_reason: 'completed',
      sip: { status: 200 },
      recordings,
      metadata: { ticket: '4711' },
    });
    const [start, answer] = [record?.started_at, record?.answered_at].map((time) => Date.parse(time ?? ''));
    expect((answer ?? 0) - (start ?? 0)).toBe(2_000);
  });

  it.each([
    ['completed', () => void answeredDirect(), 'completed'],
    ['refused', () => callee.respond(rung().invite, 486), 'busy'],
    ['never answered by anybody', () => void rung(), 'no_answer'],
    ['cancelled', () => caller.cancel(rung().dialog.invite), 'canceled'],
    [
      'answered and never acknowledged',
      () => void callee.respond(rung().invite, 200, { text: ANSWER }),
      'failed',
    ],
    ['left by an application', () => void caller.invite(at('7000'), { text: OFFER }), 'no_answer'],
  ])('when it is %s', async (_what, happen, reason) => {
    happen();
    expect(await theRecord()).toMatchObject({ ended_reason: reason });
  });

  it('when no media server answers', async () => {
    caller.invite(at('7000'), { text: OFFER });
    await world.commands.answer(world.call.id, {});
    expect(await theRecord()).toMatchObject({ ended_reason: 'failed', sip: { status: 503 } });
  });

  it('when its process dies and another one takes it over', async () => {
    rung();
    const { table } = world;
    world = await FlowWorld.start({ table });
    await world.registry.restore('node-1');
    // Nobody answers the copy of the INVITE that the other process sends.
    expect(await theRecord()).toMatchObject({ ended_reason: 'no_answer', sip: { status: 408 } });
  });

  it('when the engine has a fault', async () => {
    world.registry.onAnswered.register('webhook', () => {
      throw new Error('a fault');
    });
    caller.invite(at('7000'), { text: OFFER });
    await world.commands.answer(world.call.id, {});
    media.accept();
    expect(world.errors.splice(0)).toHaveLength(1);
    expect(await theRecord()).toMatchObject({ ended_reason: 'failed', sip: { status: 500 } });
  });

  function rung() {
    const dialog = caller.invite(at('1000'), { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 180);
    return { dialog, invite };
  }

  function answeredDirect(): void {
    const { dialog, invite } = rung();
    callee.respond(invite, 200, { text: ANSWER });
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    caller.within(dialog, 'BYE');
  }
});
