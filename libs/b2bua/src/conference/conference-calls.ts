import type { Clock } from '@legato/kernel';
import type { Call } from '../call/call';
import type { CallTimings } from '../call/call-runtime';
import type { CallId, CallSnapshot, LegRole } from '../call/call-snapshot';
import { mediaOf } from '../call/call-snapshot';
import { newSnapshot } from '../call/new-call';
import { connectionId } from '../media-control/join-connections';
import type { RouteTable } from '../ports/route-table';
import type { CallRegistry } from '../registry/call-registry';
import { beginOutbound } from '../use-cases/begin-call';
import { secretsKeyed, unheardInConference } from '../use-cases/collect';
import { hangUp } from '../use-cases/hang-up';
import type { ParticipantCalls, Silenced } from './conference-runtime';
import type { ConferenceId, LeftReason, ParticipantId } from './conference-snapshot';

export interface ConferenceCallsOptions {
  readonly clock: Clock;
  readonly registry: CallRegistry;
  readonly routes: RouteTable;
  readonly timings: CallTimings;
}

type Dialling = Parameters<ParticipantCalls['dial']>[0];

/** The media of a call's party, as a conference needs to know them. */
export interface PartyMedia {
  /** `conn:…` */
  readonly connection: string;
  readonly mediaServer: string;
}

export function partyMedia(call: Call, leg: LegRole): PartyMedia {
  return {
    connection: connectionId(call, mediaOf(leg)),
    mediaServer: call.snapshot.mediaServer ?? '',
  };
}

/** Why somebody is gone, by what became of its call. */
const REASONS: Readonly<Partial<Record<NonNullable<CallSnapshot['endedReason']>, LeftReason>>> = {
  busy: 'busy',
  no_answer: 'no_answer',
  canceled: 'canceled',
  rejected: 'rejected',
  failed: 'failed',
  media_lost: 'media_lost',
};

export const leftReasonOf = ({ endedReason }: CallSnapshot): LeftReason =>
  (endedReason && REASONS[endedReason]) ?? 'left';

/** Nothing is sent when a call is taken in or let go, and yet the next process has to know. */
export const storeMembership = ({ snapshot, runtime }: Call): void =>
  runtime.afterStored(snapshot.id, () => undefined);

/** Deals with the calls of participants, each in its own mailbox. */
export class ConferenceCalls implements ParticipantCalls {
  /** Set by whoever has the conferences: somebody could not be rung at all. */
  onUnreachable: (conference: ConferenceId, participant: ParticipantId, detail: string) => void = () =>
    undefined;

  constructor(private readonly options: ConferenceCallsOptions) {}

  dial(dialling: Dialling): void {
    const { routes } = this.options;
    const { id } = dialling.conference;
    const located = Promise.resolve(routes.locate?.(dialling.to));
    located.then(
      (targets) => {
        if (targets?.length === 0) this.onUnreachable(id, dialling.participant, 'Nobody is registered there');
        else this.ring(dialling, targets ? { caller: [...targets] } : undefined);
      },
      () => this.onUnreachable(id, dialling.participant, 'The location service does not answer'),
    );
  }

  private ring(dialling: Dialling, targets: CallSnapshot['targets']): void {
    const { registry, clock, timings } = this.options;
    const { callId, from, to, timeoutMs, conference, participant } = dialling;
    const snapshot = newSnapshot({
      id: callId,
      direction: 'outbound',
      mode: 'anchored',
      from,
      to: [to],
      now: clock.wallTime(),
      ringTimeoutMs: timeoutMs ?? timings.ringTimeoutMs,
      maxDurationMs: timings.maxDurationMs,
      target: { kind: 'conference', name: conference.name },
      ...(targets && { targets }),
    });
    snapshot.conferenceMembership = { conference: conference.id, participant };
    registry.create(snapshot, beginOutbound);
  }

  isAlive(callId: CallId): boolean {
    const call = this.options.registry.find(callId);
    return call !== undefined && !call.isEnding && !call.isEnded;
  }

  hangUp(callId: CallId, participant: ParticipantId): void {
    this.options.registry.post(callId, (call) => {
      if (call.snapshot.conferenceMembership?.participant === participant) hangUp(call);
    });
  }

  release(callId: CallId, participant: ParticipantId): void {
    this.options.registry.post(callId, (call) => {
      const { snapshot, runtime } = call;
      if (snapshot.conferenceMembership?.participant !== participant) return;
      delete snapshot.conferenceMembership;
      storeMembership(call);
      runtime.onConferenceLeft.tell(call);
      // Nobody hears any more what it waited to be silenced for.
      call.beginMediaWork();
    });
  }

  secretsKeyedIn(callId: CallId): readonly string[] {
    const call = this.options.registry.find(callId);
    return call ? secretsKeyed(call) : [];
  }

  silenced({ callId, ...silenced }: Silenced): void {
    this.options.registry.post(callId, (call) => unheardInConference(call, silenced));
  }
}
