import type { CommandRefused } from '@legato/b2bua';
import { isRefused } from '@legato/b2bua';
import { runAsCommand } from '@legato/kernel';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, audio } from './support/flow-world';

const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const COMMAND = '0192f0c1-5b7a-7cc1-8d0f-9a3f6a1e2b44';
const OTHER = '0192f0c1-5b7a-7cc1-8d0f-9a3f6a1e2b45';

/** A client that saw no answer sends its command again; the interface runs it under the same id. */
describe('a command that comes again', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;

  beforeEach(async () => {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    world.peer('ms', '192.0.2.9', 5080);
  });
  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  function connect(): void {
    const dialog = caller.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
  }

  function taken<View extends object>(answer: View | CommandRefused): View {
    if (isRefused(answer)) throw new Error(answer.detail);
    return answer;
  }

  const record = async (command: string) =>
    taken(
      await runAsCommand(command, () => world.recordings.startRecording(world.call.id, { channels: 'dual' })),
    );

  it('is done once, and answered as the first time', async () => {
    connect();
    const first = await record(COMMAND);
    const stopped = taken(await world.recordings.stopRecording(first.id));
    expect(stopped.state).not.toBe('requested');
    expect(await record(COMMAND)).toEqual(first);
    expect(world.call.recordings).toHaveLength(1);
    const other = await record(OTHER);
    expect(other.id).not.toBe(first.id);
    expect(world.call.recordings.map(({ id }) => id)).toEqual([first.id, other.id]);
  });

  it('is answered as the first time after the call has ended', async () => {
    connect();
    const { id } = world.call;
    const hangUp = () => runAsCommand(COMMAND, () => world.b2bua.hangup(id));
    const first = taken(await hangUp());
    for (const peer of [caller, callee]) peer.respond(peer.request('BYE'), 200);
    expect((await world.b2bua.getCall(id))?.state).toBe('ended');
    expect(await hangUp()).toEqual(first);
    const unknown = await runAsCommand(OTHER, () => world.b2bua.hangup(id));
    expect(unknown).toMatchObject({ refused: 'conflict', code: 'call_ended' });
  });

  it('that was refused is tried anew', async () => {
    const dialog = caller.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
    const { id } = world.call;
    const ask = () => runAsCommand(COMMAND, () => world.recordings.startRecording(id, { channels: 'dual' }));
    expect(await ask()).toMatchObject({ refused: 'conflict', code: 'call_not_connected' });
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    expect(taken(await ask()).state).toBe('requested');
  });

  it('makes one call, under the id of the command', async () => {
    const originate = () =>
      runAsCommand(COMMAND, () =>
        world.b2bua.originate({
          from: 'sip:a@192.0.2.7',
          to: ['sip:alice@192.0.2.2:5060', 'sip:bob@192.0.2.3:5060'],
          mode: 'direct',
        }),
      );
    const first = taken(await originate());
    expect(first.id).toBe(`call_${COMMAND}`);
    expect(await originate()).toEqual(first);
    expect(caller.request('INVITE').method).toBe('INVITE');
    expect(() => caller.request('INVITE')).toThrow();
  });

  it('keeps no more answers with a call than a few, and those not for long', async () => {
    connect();
    for (let n = 10; n < 25; n += 1) await record(`0192f0c1-5b7a-7cc1-8d0f-9a3f6a1e2b${n}`);
    expect(world.call.answers).toHaveLength(8);
    world.clock.advance(11 * 60_000);
    await record(COMMAND);
    expect(world.call.answers).toHaveLength(1);
  });
});
