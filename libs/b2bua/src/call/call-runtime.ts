import type { Clock, IdSource, Log } from '@legato/kernel';
import type { UsageOutput } from '@legato/sip';
import type { MediaServerPool } from '../ports/media-server-pool';
import type { OutboundTrunks } from '../ports/outbound-trunks';
import type { MediaWorkListeners } from '../use-cases/media-work-finished';
import type { OnAnswered } from '../use-cases/on-answered';
import type { OnBridged } from '../use-cases/on-bridged';
import type { OnConferenceLeft } from '../use-cases/on-conference-left';
import type { OnReleased } from '../use-cases/on-released';
import type { OnSecretKeying } from '../use-cases/on-secret-keying';
import type { OnTakenUp } from '../use-cases/on-taken-up';
import type { CallId, CallSnapshot, RecordingId } from './call-snapshot';

/** Durations of a call, in milliseconds. */
export interface CallTimings {
  /** How long a party may ring. */
  readonly ringTimeoutMs: number;
  /** How long one of the places of a registered party may ring while there are others. */
  readonly targetRingMs: number;
  readonly maxDurationMs: number;
  /** How long a media server may take to answer an INVITE before the next one is asked. */
  readonly mediaAnswerMs: number;
  /**
   * How long a 2xx that carries an offer may wait for its ACK. Its sender gives up after 64*T1 = 32 s
   * (RFC 3261 §13.3.1.4); a party may ring for longer, so an inactive answer goes out before.
   */
  readonly parkAfterMs: number;
  /** How long an ended recording may take to report its file. */
  readonly recordingReportMs: number;
  /** Between `moml.exit` and the `msml.dialog.exit` that some servers never send. */
  readonly exitGraceMs: number;
  /** How long an ending call waits for its peers before it lets go of them. */
  readonly releaseMs: number;
  /** How long an ended call can still be read. */
  readonly retentionMs: number;
}

export const DEFAULT_TIMINGS: CallTimings = {
  ringTimeoutMs: 60_000,
  targetRingMs: 20_000,
  maxDurationMs: 4 * 3_600_000,
  mediaAnswerMs: 4_000,
  parkAfterMs: 10_000,
  recordingReportMs: 5_000,
  exitGraceMs: 2_000,
  releaseMs: 40_000,
  retentionMs: 24 * 3_600_000,
};

/** What a call needs of the world around it. */
export interface CallRuntime {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly timings: CallTimings;
  readonly mediaServers: MediaServerPool;
  readonly trunks?: OutboundTrunks;
  /** Who takes calls of one party in hand. */
  readonly onAnswered: OnAnswered;
  readonly onReleased: OnReleased;
  /** Who goes on with calls that another process left behind. */
  readonly onTakenUp: OnTakenUp;
  /** Who goes on with calls that have left their conference. */
  readonly onConferenceLeft: OnConferenceLeft;
  /** Who keeps what is keyed from others. */
  readonly onSecretKeying: OnSecretKeying;
  /** Who learns what became of a second party. */
  readonly onBridged: OnBridged;
  /** Who learns of finished plays, collections and recordings. */
  readonly mediaWorkListeners: MediaWorkListeners;
  /** `host:port` of this user agent, for From and Contact of what it originates. */
  readonly address: string;
  /** Whether an IP address is that of a peer whose word on identities counts (RFC 3325 §3). */
  isTrustedPeer(host: string): boolean;
  /** It is over, or never came to be: what it takes away from others is free. */
  callEnded(call: Pick<CallSnapshot, 'id' | 'account' | 'hasSeat'>): void;
  /** Where the dialogs of a call put what they want done. */
  outputFor(call: CallId): UsageOutput;
  /** Something beside dialogs, to be done when what led to it is stored. */
  afterStored(call: CallId, effect: () => void): void;
  startTimer(call: CallId, name: string, delayMs: number): void;
  stopTimer(call: CallId, name: string): void;
  /** A media server told of an object that nobody here knows. */
  unknownMsmlEvent(): void;
  /** Finished recordings go to an archive before they are complete. */
  readonly archivesRecordings: boolean;
  /** A recording came to be: it can be asked for by its own id from now on. */
  recordingCreated(call: CallId, recording: RecordingId): void;
}
