import type { SipRequest } from '@legato/sip';
import type { FlowPeer, PeerDialog } from './flow-peer';
import { FlowMediaServer } from './flow-media-server';
import type { FlowWorldOptions } from './flow-world';
import { FlowWorld, LEGATO, audio } from './flow-world';

const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

type Accepted = ReturnType<FlowMediaServer['accept']>;

/** A call between two parties, or of one, and the media server that works for it. */
export class MediaCall {
  /** The caller's dialog. */
  dialog!: PeerDialog;
  /** The callee's. */
  remote!: PeerDialog;
  ofCaller!: Accepted;
  ofCallee!: Accepted;

  private constructor(
    readonly world: FlowWorld,
    readonly caller: FlowPeer,
    readonly callee: FlowPeer,
    readonly media: FlowMediaServer,
  ) {}

  static async start(options: FlowWorldOptions = {}): Promise<MediaCall> {
    const world = await FlowWorld.start({
      routes: {
        '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' },
        '7000': { target: { kind: 'flow', name: 'menu' } },
      },
      ...options,
    });
    world.registry.onAnswered.register('flow', () => undefined);
    return new MediaCall(
      world,
      world.peer('alice', '192.0.2.2', 5060),
      world.peer('bob', '192.0.2.3', 5060),
      new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080)),
    );
  }

  /** The same peers around another process that takes over what this one stored. */
  async takenOver(): Promise<MediaCall> {
    const next = await MediaCall.start({ table: this.world.table });
    next.dialog = this.dialog;
    next.remote = this.remote;
    next.ofCaller = this.ofCaller;
    next.ofCallee = this.ofCallee;
    await next.world.registry.restore('node-1');
    return next;
  }

  get id(): string {
    return this.world.call.id;
  }

  /** The media flow between the parties. */
  connect(): void {
    const { caller, callee } = this;
    const dialog = caller.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    this.dialog = dialog;
    this.remote = callee.accepted(invite);
  }

  /** One party, connected to the media server. */
  connectAlone(): void {
    const { caller, media } = this;
    const dialog = caller.invite(`sip:7000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
    this.ofCaller = media.accept();
    media.peer.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    this.dialog = dialog;
  }

  /** Both parties are re-INVITEd to the media server and joined. */
  move(): void {
    const { caller, callee, media } = this;
    this.ofCaller = media.accept();
    caller.respond(caller.request('INVITE'), 200, { text: OFFER });
    caller.request('ACK');
    media.peer.request('ACK');
    this.ofCallee = media.accept();
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    callee.request('ACK');
    media.peer.request('ACK');
    media.result(media.msml().info);
  }

  /** Answers the next MSML request with success, or as said; what it asked for. */
  done(response?: string, description?: string) {
    const { info, operations } = this.media.msml();
    this.media.result(info, response, description);
    return operations;
  }

  /** The media server tells of a dialog on the connection of `leg`. */
  tell(
    event: string,
    name: string,
    values: Readonly<Record<string, string>> = {},
    leg: 'caller' | 'callee' = 'caller',
  ): void {
    const { connection } = leg === 'caller' ? this.ofCaller : this.ofCallee;
    this.media.event(this.ofCaller.dialog, event, `${connection}/dialog:${name}`, values);
    // What it is asked next may come before the 200.
    const { inbox } = this.media.peer;
    const ok = inbox.findIndex((message) => message.kind === 'response' && message.status === 200);
    if (ok < 0) throw new Error('the event was not answered');
    inbox.splice(ok, 1);
  }

  /** `left` media dialogs are let go. */
  endMedia(left: number): void {
    for (; left > 0; left -= 1) this.media.peer.respond(this.media.peer.request('BYE'), 200);
  }

  /** The media server ends the one dialog it has, and the party is hung up. */
  mediaHangsUp(): void {
    this.media.peer.within(this.ofCaller.dialog, 'BYE');
    this.media.peer.response(200);
    this.caller.respond(this.caller.request('BYE'), 200);
  }

  /** The caller hangs up, and the callee if there is one. */
  hangUp(): SipRequest {
    const bye = this.caller.within(this.dialog, 'BYE');
    this.caller.response(200);
    if (this.remote) this.callee.respond(this.callee.request('BYE'), 200);
    return bye;
  }
}
