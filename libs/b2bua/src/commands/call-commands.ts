import type { IdSource } from '@legato/kernel';
import { reasonPhrase } from '@legato/sip';
import type { Call } from '../call/call';
import type { CallMode, CommandId, LegRole } from '../call/call-snapshot';
import type { CallView } from '../call/call-view';
import { callView } from '../call/call-view';
import type { CallTarget, RouteTable } from '../ports/route-table';
import type { CommandRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import type { BridgeRequest } from '../use-cases/bridge';
import { bridgeUnanswered, requestBridge } from '../use-cases/bridge';
import { beginMove } from '../use-cases/begin-move';
import { beginReconnect } from '../use-cases/begin-reconnect';
import { endHold, hold } from '../use-cases/hold';
import { changeMute } from '../use-cases/mute';
import type { DigitsRequest } from '../use-cases/send-digits';
import { sendDigits } from '../use-cases/send-digits';
import type { InfoRequest } from '../use-cases/send-info';
import { sendInfo } from '../use-cases/send-info';
import { callNotFound, conflict, notConnected, partyNotRegistered } from './command-refusals';
import {
  busy,
  isHeld,
  mediaNeeded,
  moving,
  noSuchLeg,
  notAlone,
  notAnchored,
  notBridged,
  notWaiting,
} from './call-refusals';

/** A call, and the command that was accepted for it: events of its outcome name it. */
export type CommandedCall = CallView & { readonly command_id: string };

export interface BridgeCommand {
  readonly to: string;
  /** For a call that is not answered yet; one that is stays at the media server. */
  readonly mode: CallMode;
  readonly timeoutMs?: number;
  /** Whether the call ends when the second party hangs up. */
  readonly stays: boolean;
}

/** What can be done with a call while it lives; each command goes through its mailbox. */
export interface CallCommands {
  /** A caller that rings at an application is connected to the media server. */
  answer(
    callId: string,
    options: { readonly maxDurationMs?: number },
  ): Promise<CommandedCall | CommandRefused>;
  /** A caller that rings at an application is refused with a SIP status of 400 to 699. */
  reject(callId: string, options: { readonly status: number }): Promise<CommandedCall | CommandRefused>;
  /** A second party is called for a caller that rings at an application, or for a call of one party. */
  bridge(callId: string, command: BridgeCommand): Promise<CommandedCall | CommandRefused>;
  /** The parties of a connected call no longer hear each other, until {@link resume}. */
  hold(callId: string): Promise<CommandedCall | CommandRefused>;
  resume(callId: string): Promise<CommandedCall | CommandRefused>;
  /** The other party no longer hears `leg`; at the media server only. */
  mute(callId: string, leg: LegRole): Promise<CommandedCall | CommandRefused>;
  unmute(callId: string, leg: LegRole): Promise<CommandedCall | CommandRefused>;
  sendDigits(callId: string, request: DigitsRequest): Promise<CommandedCall | CommandRefused>;
  sendInfo(callId: string, request: InfoRequest): Promise<CommandedCall | CommandRefused>;
  /** The media of a call of two parties go through the media server, or between the parties. */
  move(callId: string, mode: CallMode): Promise<CommandedCall | CommandRefused>;
}

export interface CallCommandsOptions {
  readonly ids: IdSource;
  readonly registry: CallRegistry;
  readonly reader: CallReader;
  readonly routes: RouteTable;
}

/** Commands for the calls of this node. */
export class LiveCallCommands implements CallCommands {
  constructor(private readonly options: CallCommandsOptions) {}

  answer(
    callId: string,
    { maxDurationMs }: { readonly maxDurationMs?: number },
  ): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call) => {
      const refusal = notWaiting(call.snapshot);
      if (refusal) return refusal;
      if (maxDurationMs !== undefined) limitDuration(call, maxDurationMs);
      call.trigger('answer');
      return undefined;
    });
  }

  reject(callId: string, { status }: { readonly status: number }): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call) => {
      const refusal = notWaiting(call.snapshot);
      if (!refusal) call.end('rejected', { status, reason: reasonPhrase(status) });
      return refusal;
    });
  }

  async bridge(callId: string, command: BridgeCommand): Promise<CommandedCall | CommandRefused> {
    const targets = await this.options.routes.locate?.(command.to);
    if (targets?.length === 0) return partyNotRegistered;
    return this.command(callId, (call, id) => bridgeTo(call, id, command, targets));
  }

  hold(callId: string): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call, id) => {
      const refusal = notBridged(call.snapshot) ?? (isHeld(call.snapshot) ? undefined : busy(call.snapshot));
      if (!refusal) hold(call, { id, name: 'hold' });
      return refusal;
    });
  }

  resume(callId: string): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call, id) => {
      const refusal = notBridged(call.snapshot) ?? (call.snapshot.hold ? busy(call.snapshot) : undefined);
      if (!refusal) endHold(call, { id, name: 'resume' });
      return refusal;
    });
  }

  mute(callId: string, leg: LegRole): Promise<CommandedCall | CommandRefused> {
    return this.changeMute(callId, 'mute', leg);
  }

  unmute(callId: string, leg: LegRole): Promise<CommandedCall | CommandRefused> {
    return this.changeMute(callId, 'unmute', leg);
  }

  sendDigits(callId: string, request: DigitsRequest): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call, id) => {
      const refusal =
        notConnected(call.snapshot) ?? noSuchLeg(call.snapshot, request.leg) ?? moving(call.snapshot);
      if (!refusal) sendDigits(call, request, id);
      return refusal;
    });
  }

  sendInfo(callId: string, request: InfoRequest): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call, id) => {
      const refusal = notConnected(call.snapshot) ?? noSuchLeg(call.snapshot, request.leg);
      if (!refusal) sendInfo(call, request, id);
      return refusal;
    });
  }

  move(callId: string, mode: CallMode): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call, id) => {
      const { snapshot } = call;
      const refusal = notBridged(snapshot);
      if (refusal || snapshot.mode === mode) return refusal;
      const obstacle = busy(snapshot) ?? (mode === 'direct' ? mediaNeeded(call) : undefined);
      if (obstacle) return obstacle;
      snapshot.command = { id, name: 'move' };
      if (mode === 'direct') beginReconnect(call);
      else beginMove(call);
      return undefined;
    });
  }

  private changeMute(
    callId: string,
    verb: 'mute' | 'unmute',
    leg: LegRole,
  ): Promise<CommandedCall | CommandRefused> {
    return this.command(callId, (call, id) => {
      const refusal = notBridged(call.snapshot) ?? notAnchored(call.snapshot) ?? moving(call.snapshot);
      if (!refusal) changeMute(call, verb, leg, id);
      return refusal;
    });
  }

  /** Runs `task` in the mailbox of the call. What it answers is a refusal; the call is told otherwise. */
  private async command(
    callId: string,
    task: (call: Call, id: CommandId) => CommandRefused | undefined,
  ): Promise<CommandedCall | CommandRefused> {
    const answer = await this.options.registry.ask(callId, (call) => {
      const id = `cmd_${this.options.ids.uuidv7()}` as CommandId;
      return task(call, id) ?? { ...callView(call.snapshot), command_id: id };
    });
    if (answer) return answer;
    const ended = await this.options.reader.call(callId);
    return ended
      ? conflict('call_ended', `The call has ended (${ended.ended_reason ?? ended.state})`)
      : callNotFound;
  }
}

function bridgeTo(
  call: Call,
  id: CommandId,
  { to, mode, timeoutMs, stays }: BridgeCommand,
  targets: readonly CallTarget[] | undefined,
): CommandRefused | undefined {
  const { snapshot } = call;
  const request: BridgeRequest = {
    to,
    stays,
    ringTimeoutMs: timeoutMs ?? snapshot.ringTimeoutMs,
    ...(targets && { targets }),
  };
  if (!notWaiting(snapshot)) {
    bridgeUnanswered(call, request, mode);
    return undefined;
  }
  const refusal = notConnected(snapshot) ?? notAlone(snapshot);
  if (refusal) return refusal;
  snapshot.command = { id, name: 'bridge' };
  requestBridge(call, request);
  return undefined;
}

/** What the account of the caller allows is not exceeded. */
function limitDuration({ snapshot }: Call, maxDurationMs: number): void {
  const isLimited = snapshot.account !== undefined && snapshot.maxDurationMs < maxDurationMs;
  if (!isLimited) snapshot.maxDurationMs = maxDurationMs;
}
