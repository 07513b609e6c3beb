import type { Clock, IdSource, Log } from '@legato/kernel';
import type { UsageOutput } from '@legato/sip';
import type { CallTimings } from '../call/call-runtime';
import type { CallId, RecordingId } from '../call/call-snapshot';
import type { MediaFailure } from '../media-control/dialog-report';
import type { MediaServerPool } from '../ports/media-server-pool';
import type { ConferenceId, ParticipantId } from './conference-snapshot';

/** How a conference deals with the calls of its participants; each goes through the mailbox of the call. */
export interface ParticipantCalls {
  /** Rings somebody for the conference. */
  dial(dialling: {
    readonly callId: CallId;
    readonly from: string;
    readonly to: string;
    readonly timeoutMs?: number;
    readonly conference: { readonly id: ConferenceId; readonly name: string };
    readonly participant: ParticipantId;
    readonly mediaServer?: string;
  }): void;
  /** Whether the call goes on on this node. */
  isAlive(callId: CallId): boolean;
  /** Nothing, when the call is no longer that participant's. */
  hangUp(callId: CallId, participant: ParticipantId): void;
  /** The call goes on by itself. */
  release(callId: CallId, participant: ParticipantId): void;
  /** Sensitive collections of the call that are under way, or wait for their turn. */
  secretsKeyedIn(callId: CallId): readonly string[];
  /** Nobody hears the participant while these collections of its call are under way; `error`: it can not be silenced. */
  silenced(silenced: Silenced): void;
}

export interface Silenced {
  readonly callId: CallId;
  readonly participant: ParticipantId;
  readonly collects: readonly string[];
  readonly error?: MediaFailure;
}

/** What a conference needs of the world around it. */
export interface ConferenceRuntime {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly timings: CallTimings;
  readonly mediaServers: MediaServerPool;
  readonly calls: ParticipantCalls;
  /** `host:port` of this user agent. */
  readonly address: string;
  /** Where its dialogs put what they want done. */
  outputFor(id: ConferenceId): UsageOutput;
  /** Something beside dialogs, to be done when what led to it is stored. */
  afterStored(id: ConferenceId, effect: () => void): void;
  startTimer(id: ConferenceId, name: string, delayMs: number): void;
  stopTimer(id: ConferenceId, name: string): void;
  /** Counts an event of the media server that nobody waits for. */
  unknownMsmlEvent(): void;
  /** Finished recordings go to an archive before they are complete. */
  readonly archivesRecordings: boolean;
  /** A recording came to be: it can be asked for by its own id from now on. */
  recordingCreated(id: ConferenceId, recording: RecordingId): void;
}
