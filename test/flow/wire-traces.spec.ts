import { isRefused } from '@legato/b2bua';
import type { FlowPeer, PeerDialog } from './support/flow-peer';
import { FlowMediaServer } from './support/flow-media-server';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';
import { WireTrace } from './support/wire-trace';

const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const PARTICIPANTS = {
  '192.0.2.2:5060': 'alice',
  '192.0.2.9:5080': 'media',
  '192.0.2.3:5060': 'bob',
};

describe('the wire traces of docs/flows', () => {
  let world: FlowWorld;
  let trace: WireTrace;
  let alice: FlowPeer;
  let bob: FlowPeer;
  let media: FlowMediaServer;

  async function start(mode: 'direct' | 'anchored'): Promise<void> {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode } } });
    trace = new WireTrace(world, PARTICIPANTS);
    alice = world.peer('alice', '192.0.2.2', 5060);
    bob = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('media', '192.0.2.9', 5080));
  }

  /** Compares the page with what passed the wire. */
  function check(name: string, title: string, about: string): void {
    trace.check(name, title, about);
    expect(world.errors).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  }

  const invite = () => alice.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });

  /** Bob rings and answers; alice hears of it. */
  function answer(): void {
    world.clock.advance(200);
    const toBob = bob.request('INVITE');
    bob.respond(toBob, 180);
    world.clock.advance(3_000);
    bob.respond(toBob, 200, { text: ANSWER });
    bob.request('ACK');
  }

  function acknowledge(dialog: PeerDialog): void {
    alice.follow(dialog, alice.response(200));
    alice.within(dialog, 'ACK');
  }

  function hangUp(dialog: PeerDialog): void {
    world.clock.advance(5_000);
    alice.within(dialog, 'BYE');
    bob.respond(bob.request('BYE'), 200);
  }

  it('show a direct call', async () => {
    await start('direct');
    const dialog = invite();
    answer();
    acknowledge(dialog);
    hangUp(dialog);
    check(
      'direct-call',
      'A direct call',
      'Alice calls 1000, whose route leads to Bob. Their session descriptions pass byte for byte, so that the media flow between\nthem; the media server has no part in it. The two dialogs share nothing.',
    );
  });

  it('show an anchored call', async () => {
    await start('anchored');
    const dialog = invite();
    media.accept();
    media.peer.request('ACK');
    media.accept();
    answer();
    media.peer.request('ACK');
    media.result(media.msml().info);
    acknowledge(dialog);
    hangUp(dialog);
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
    check(
      'anchored-call',
      'An anchored call',
      'Each party gets a connection of the media server: Alice its answer to her offer, Bob its own offer (RFC 3725). When Bob has\nanswered, MSML `join` connects the two, and only then Alice hears 200.',
    );
  });

  it('show a recording on a direct call', async () => {
    await start('direct');
    const dialog = invite();
    answer();
    acknowledge(dialog);
    world.clock.advance(1_000);
    trace.note('POST /v1/calls/call-1/recordings');
    const recording = await world.recordings.startRecording(world.call.id, { channels: 'dual' });
    if (isRefused(recording)) throw new Error(recording.detail);
    const ofAlice = media.accept();
    alice.respond(alice.request('INVITE'), 200, { text: OFFER });
    alice.request('ACK');
    media.peer.request('ACK');
    media.accept();
    bob.respond(bob.request('INVITE'), 200, { text: ANSWER });
    bob.request('ACK');
    media.peer.request('ACK');
    media.result(media.msml().info);
    media.result(media.msml().info);
    world.clock.advance(10_000);
    trace.note('POST /v1/recordings/rec-1/stop');
    await world.recordings.stopRecording(recording.id);
    media.result(media.msml().info);
    const object = `${ofAlice.connection}/dialog:${recording.id}`;
    media.event(ofAlice.dialog, 'moml.exit', object, {
      'record.len': '10000',
      'record.end': 'terminate',
      'record.recordid': `file:///recordings/${recording.id}.wav`,
    });
    media.peer.response(200);
    media.event(ofAlice.dialog, 'msml.dialog.exit', object);
    media.peer.response(200);
    hangUp(dialog);
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
    check(
      'recording-on-a-direct-call',
      'A recording on a direct call',
      'A direct call is under way when the application asks for a recording. Both parties are moved to the media server by re-INVITE\nand joined there; then the recording begins. It ends by `dialogend`, and the media server reports the file by events.',
    );
  });
});
