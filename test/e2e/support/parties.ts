import { systemClock } from '@legato/kernel';
import type { SdpBody } from '@legato/sip';
import { TcpTransport, UdpTransport } from '@legato/sip';
import type { ScriptedCall } from '@legato/testing';
import { ScriptedUserAgent, sdp } from '@legato/testing';
import { eventually } from './eventually';
import { AUDIO, description } from './wire-call';

const HOST = '127.0.0.1';
const DESCRIPTION: SdpBody = sdp(description(HOST, AUDIO));

export type Protocol = 'UDP' | 'TCP';

/** One call with its two ends. */
export interface Pair {
  readonly a: ScriptedCall;
  readonly b: ScriptedCall;
}

/** Waits until one end has heard of something. */
export const told = (call: ScriptedCall, event: string): Promise<unknown> =>
  eventually(`${event} among ${call.told.join(', ')}`, () => call.told.includes(event));

/** A caller and a callee with sockets of their own, who outlive the process between them. */
export class Parties {
  private constructor(
    readonly protocol: Protocol,
    private readonly caller: ScriptedUserAgent,
    private readonly callee: ScriptedUserAgent,
  ) {}

  static async open(protocol: Protocol): Promise<Parties> {
    const open = async (user: string): Promise<ScriptedUserAgent> => {
      const Transport = protocol === 'UDP' ? UdpTransport : TcpTransport;
      const transport = new Transport({ host: HOST, port: 0 });
      const agent = new ScriptedUserAgent({ clock: systemClock, transport, user });
      await agent.start();
      return agent;
    };
    return new Parties(protocol, await open('alice'), await open('bob'));
  }

  /** Where the callee is reached. */
  get uri(): string {
    return this.withTransport(this.callee.uri);
  }

  async close(): Promise<void> {
    await Promise.all([this.caller.stop(), this.callee.stop()]);
  }

  call(number: string, controlPlanePort: number): ScriptedCall {
    const uri = this.withTransport(`sip:${number}@${HOST}:${controlPlanePort}`);
    return this.caller.invite(uri, DESCRIPTION);
  }

  /** The call that reaches the callee next. */
  async reached(a: ScriptedCall): Promise<Pair> {
    const before = this.callee.calls.length;
    return { a, b: await eventually('the callee is called', () => this.callee.calls[before]) };
  }

  /** Calls that the callee was asked to take. */
  get calls(): number {
    return this.callee.calls.length;
  }

  /** From now on both answer what they are offered. */
  takeReinvites(): void {
    this.caller.onEvent = this.callee.onEvent = (call, event) => {
      if (event.type === 're-INVITE') answerReinvite(call);
    };
  }

  private withTransport(uri: string): string {
    return this.protocol === 'UDP' ? uri : `${uri};transport=tcp`;
  }
}

export async function ring({ a, b }: Pair): Promise<void> {
  b.usage.provisional(180);
  await told(a, 'provisional 180');
}

export const accept = ({ b }: Pair): void => b.usage.accept(DESCRIPTION);

export async function answer({ a, b }: Pair): Promise<void> {
  accept({ a, b });
  await told(a, 'accepted INVITE');
}

export async function acknowledge({ a, b }: Pair): Promise<void> {
  a.usage.acknowledge();
  await told(b, 'acknowledged INVITE');
}

/** The caller hangs up, and both ends hear of the end. */
export async function hangUp({ a, b }: Pair): Promise<void> {
  a.usage.bye();
  await bothEnd({ a, b });
  expect(b.told).toContain('bye');
}

export async function bothEnd({ a, b }: Pair): Promise<void> {
  await eventually(
    `the end of ${a.told.join(', ')} and ${b.told.join(', ')}`,
    () => a.hasEnded && b.hasEnded,
  );
}

export function reinvite({ a, b }: Pair): Promise<unknown> {
  a.usage.reinvite(DESCRIPTION);
  return told(b, 're-INVITE');
}

/** Answers the re-INVITE that was told last. */
export const answerReinvite = (call: ScriptedCall): void =>
  call.usage.answerReinvite(call.last('re-INVITE').transactionKey, 200, DESCRIPTION);
