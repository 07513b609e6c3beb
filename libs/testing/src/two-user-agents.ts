import type { SdpBody } from '@legato/sip';
import { FakeClock } from './fake-clock';
import { MemoryNetwork } from './memory-network';
import type { RecordingTransport, SentMessage } from './recording-transport';
import type { ScriptedCall, ScriptedUserAgentOptions } from './scripted-user-agent';
import { ScriptedUserAgent, sdp } from './scripted-user-agent';

export const OFFER: SdpBody = sdp('v=0 offer');
export const ANSWER: SdpBody = sdp('v=0 answer');
const LATENCY_MS = 10;
const ALICE = { host: '192.0.2.1', port: 5060 };
const BOB = { host: '192.0.2.2', port: 5060 };

export interface TwoUserAgentsOptions {
  readonly alice?: Partial<ScriptedUserAgentOptions>;
  readonly bob?: Partial<ScriptedUserAgentOptions>;
}

/** Alice and Bob, each a whole user agent, with a network between them that takes 10 ms and can lose messages. */
export class TwoUserAgents {
  readonly clock = new FakeClock();
  readonly network: MemoryNetwork;
  readonly alice: ScriptedUserAgent;
  readonly bob: ScriptedUserAgent;
  readonly alicesTransport: RecordingTransport;
  readonly bobsTransport: RecordingTransport;
  /** A message whose text this is true for is lost. */
  lose: (text: string) => boolean = () => false;

  private constructor(options: TwoUserAgentsOptions) {
    const { clock } = this;
    const lose = ({ bytes }: SentMessage): boolean => this.lose(bytes.toString('latin1'));
    this.network = new MemoryNetwork(clock, { latencyMs: LATENCY_MS, lose });
    this.alicesTransport = this.network.transport(ALICE);
    this.bobsTransport = this.network.transport(BOB);
    this.alice = new ScriptedUserAgent({
      clock,
      transport: this.alicesTransport,
      user: 'alice',
      ...options.alice,
    });
    this.bob = new ScriptedUserAgent({ clock, transport: this.bobsTransport, user: 'bob', ...options.bob });
  }

  static async start(options: TwoUserAgentsOptions = {}): Promise<TwoUserAgents> {
    const both = new TwoUserAgents(options);
    await Promise.all([both.alice.start(), both.bob.start()]);
    return both;
  }

  /** Lets a request and its answer travel, or so much time. */
  run(ms = 3 * LATENCY_MS): void {
    this.clock.advance(ms);
  }

  /** What was sent since the last look: `A INVITE`, `B 180 Ringing`. */
  ladder(): string[] {
    return this.network.ladder
      .splice(0)
      .map(
        ({ from, line }) =>
          `${from.host === ALICE.host ? 'A' : 'B'} ${line.replace(/ ?SIP\/2.0 ?| sip:.*/g, '')}`,
      );
  }

  /** A call from Alice to Bob that is confirmed; nothing told or sent so far is left to see. */
  connect(): { a: ScriptedCall; b: ScriptedCall } {
    const a = this.alice.invite(this.bob.uri, OFFER);
    this.run();
    const b = this.bob.call;
    b.usage.accept(ANSWER);
    this.run();
    a.usage.acknowledge();
    this.run();
    this.ladder();
    a.events.splice(0);
    b.events.splice(0);
    return { a, b };
  }

  /** What both hold when every transaction has run out, and the timers that are armed: all zero. */
  settle(): Record<string, number> {
    this.clock.advance(70_000);
    const held: Record<string, number> = { timers: this.clock.armed };
    for (const each of [this.alice, this.bob]) {
      for (const [name, count] of Object.entries(each.held())) held[name] = (held[name] ?? 0) + count;
    }
    return held;
  }
}

export const NOTHING_HELD = {
  timers: 0,
  usages: 0,
  dialogs: 0,
  inviteClient: 0,
  inviteServer: 0,
  nonInviteClient: 0,
  nonInviteServer: 0,
};
