import type { Clock, Log } from '@legato/kernel';
import type { Transformer } from '../mixer/transformer';
import type { RtpPortFactory } from '../rtp/rtp-port';
import type { UdpBackend } from '../rtp/udp-backend';
import type { WavAudio } from '../wav/wav-reader';

/** Encodings of RFC 3551 §6 that a connection can speak; L16 rates are the clock rates of its rtpmap. */
export type CodecName = 'PCMU' | 'PCMA' | 'G722' | 'L16/8000' | 'L16/16000' | 'L16/48000';

/** What of a conference can be changed while it lasts; what is absent is off. */
export interface ConferenceMix {
  /** Only so many members are mixed, the loudest, and those whose stream is `preferred` (RFC 5707 §8.6.1). */
  nLoudest?: number;
  /** Notifies of changes in who speaks, at most every `intervalMs`; louder than -96 dBm0 unless another level is named (§8.6.2). */
  activeSpeakers?: { intervalMs: number; thresholdDbm0?: number };
}

export interface ConferenceOptions extends ConferenceMix {
  /** Samples a second of the mix: 8000 unless another is named. */
  sampleRate?: 8000 | 16000 | 48000;
}

/** The direction of a media stream as this end sees it (RFC 3264 §5.1). */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Which of the two streams of a join is meant; both when it is left out (RFC 5707 §8.12). */
export type StreamDirection = 'from-id1' | 'to-id1';

export interface MediaEngineOptions {
  /** The local IP address that RTP sockets bind to. */
  host: string;
  /** RTP takes the even ports of this range, RTCP the odd one above (RFC 3550 §11); 0..0 lets the system choose. */
  rtpPorts: { first: number; last: number };
  clock?: Clock;
  log?: Log;
  /** After this long without RTP a connection reports itself inactive; 0 or absent: never. */
  rtpTimeoutMs?: number;
  /**
   * `same-address` (the default) believes media from the signalled address only, on any of its ports; `any` believes the
   * first source that speaks, which is for peers behind a NAT that signal a private address.
   */
  latching?: 'same-address' | 'any';
  /** So long an address is sent to from which neither RTP nor RTCP has come; absent: for ever. */
  unheardMs?: number;
  /** How RTP gets to the operating system; `auto`, the default, takes the faster one that works here. */
  udp?: UdpBackend;
  /** Where sockets come from; tests pass a factory that has none. */
  rtpPortFactory?: RtpPortFactory;
}

/** The far end of a connection, from the negotiated description. */
export interface RemoteMedia {
  host: string;
  port: number;
  codec: CodecName;
  payloadType: number;
  telephoneEventPayloadType?: number;
  /** Ours. */
  direction: MediaDirection;
  ptimeMs?: number;
}

export interface ConnectionStats {
  packetsReceived: number;
  packetsSent: number;
  /** Malformed, foreign, late, of an unknown payload type or while not receiving. */
  packetsDropped: number;
  /** Expected and not received (RFC 3550 §A.3). */
  packetsLost?: number;
  /** Of what is received (RFC 3550 §6.4.1). */
  jitterMs?: number;
  /** What the far end reports of how it receives us: share lost 0..1, jitter, round trip once it is known. */
  remote?: { lostShare: number; jitterMs: number; roundTripMs: number | undefined };
}

/** Where audio is transformed: what a connection says on its way to others, what it hears, or what it says on its way back to itself. */
export type TransformPlace = 'said' | 'heard' | 'returned';

/** How digits are sent: 100 ms each and between them, at a level in dBm0 that telephone-events tell and tones have. */
export interface DigitOptions {
  durationMs?: number;
  intervalMs?: number;
  levelDbm0?: number;
}

/** One RTP endpoint of the engine. */
export interface MediaConnection {
  readonly id: string;
  readonly localPort: number;
  /** May be called again on re-INVITE. Never throws: an address that can not be sent to is not sent to. */
  configure(remote: RemoteMedia): void;
  /** Calls back for each complete telephone-event digit (RFC 4733 §2.5); returns the unsubscription. */
  onDigit(listener: (digit: string, durationMs: number) => void): () => void;
  /** Calls back when no RTP has come for the engine's `rtpTimeoutMs`, once for each such silence. */
  onInactive(listener: () => void): () => void;
  /** Queues digits (0-9 * # A-D; others are skipped) as telephone-events, or as tones where the peer has no such payload type. */
  sendDigits(digits: string, options?: DigitOptions): void;
  readonly stats: ConnectionStats;
  /** Ends what plays and records here and resolves when files and sockets are closed. */
  close(): Promise<void>;
}

export interface PlayOptions {
  /** Rounds through the files; -1 is for ever, 1 the default. */
  iterate?: number;
  /** All rounds but the first begin with this one of the sources, counted from 0. */
  repeatFrom?: number;
  /** Silence between two rounds. */
  intervalMs?: number;
  /** Where the first round begins. */
  offsetMs?: number;
  /** Ends the playback after this much was played. */
  maxtimeMs?: number;
  /** What is played passes it. */
  transformer?: Transformer;
}

export interface PlaybackOutcome {
  reason: 'complete' | 'maxtime' | 'stopped' | 'failed';
  /** What was played, without the time it was paused. */
  amountMs: number;
  error?: string;
}

/** The bytes of a WAV file that are got when they are to be played; rejects with what is wrong. */
export interface LoadedSource {
  load(): Promise<Uint8Array>;
}

/** The path of a WAV file, audio in memory, or a file that comes from elsewhere. */
export type PlaySource = string | WavAudio | LoadedSource;

export interface Playback {
  /** Resolves when the files are read and are heard from the next tick on, or when the playback ended before. */
  readonly loaded: Promise<void>;
  /** Resolves once; never rejects. */
  readonly done: Promise<PlaybackOutcome>;
  stop(): void;
  pause(): void;
  resume(): void;
  /** Goes on from `positionMs` of the round; an interval is over at once. Beyond the end, the round is over. */
  seek(positionMs: number): void;
  /** Goes forward, or back where `deltaMs` is negative, but not before the beginning (RFC 5707 §9.7.1). */
  skip(deltaMs: number): void;
}

export interface RecordOptions {
  path: string;
  channels: 1 | 2;
  /** Samples a second of the file: 8000 unless another is named. */
  sampleRate?: 8000 | 16000 | 48000;
  /** Ends the recording at this length, pauses not counted. */
  maxtimeMs?: number;
  /** Ends it when nobody has spoken for this long since its begin; 0 or absent: never. */
  prespeechMs?: number;
  /** Ends it when nobody has spoken for this long after speech; 0 or absent: never. */
  postspeechMs?: number;
  /** Continues the WAV file at `path` when there is one of the same format. */
  append?: boolean;
  /** The target hears a beep first. */
  beep?: boolean;
  /** What the target says passes it on the way into the file. */
  transformer?: Transformer;
  /**
   * Writes `<path>.json` beside the file: these fields, and length, sha256, gaps and pauses. It is there from the beginning,
   * so that a recording is never without it.
   */
  manifest?: Readonly<Record<string, unknown>>;
}

export interface RecordingOutcome {
  reason: 'stopped' | 'maxlength' | 'prespeech' | 'postspeech' | 'failed' | 'cancelled';
  lengthMs: number;
  error?: string;
}

export type PauseMode = 'skip' | 'silence';

export interface MediaRecording {
  readonly path: string;
  /** Resolves once, when the file is safe under its final name; never rejects. */
  readonly done: Promise<RecordingOutcome>;
  /** With `finalsilence`, what came after the last speech is cut off (RFC 5707 §9.7.4). */
  stop(trim?: 'finalsilence'): void;
  /** Until `resume`, nothing is in the file (`skip`), or silence of the same length. `note` goes into the manifest. */
  pause(mode?: PauseMode, note?: string): void;
  resume(): void;
  /** Ends the recording and deletes the file. */
  cancel(): void;
}

/** What has happened in an engine since its start. */
export interface MediaTotals {
  /** RTP packets; what connections that are closed had is among them. */
  received: number;
  sent: number;
  dropped: number;
  lost: number;
  /** Ticks that happened, and those that fell out because the one before came too late. */
  ticks: number;
  lateTicks: number;
}

/** What is alive in an engine: all zero when everything was released. */
export interface MediaCounts {
  connections: number;
  conferences: number;
  playbacks: number;
  recordings: number;
  /** Joined pairs, whatever their directions. */
  joins: number;
}
