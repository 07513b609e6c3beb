import type { Answering } from '../registry/command-answers';
import type { Branded } from '@legato/kernel';
import type { MsmlDialect, MsmlExchangeState, NameValue } from '@legato/msml';
import type { InviteUsageState } from '@legato/sip';
import type { CallId, LegRole, RecordingId, RecordingPause, RecordingSnapshot } from '../call/call-snapshot';
import type { MediaFailure } from '../media-control/dialog-report';
import type { PromptSource } from '../media-control/prompt-source';
import type { PlayState } from '../use-cases/play.machine';
import type { ConferenceState } from './conference.machine';
import type { MixerState } from './mixer.machine';
import type { TrackSetState } from './track-set.machine';

/** `conf_<uuidv7>` */
export type ConferenceId = Branded<'ConferenceId'>;
/** `part_<uuidv7>` */
export type ParticipantId = Branded<'ParticipantId'>;

/** A host can start a conference and end it; otherwise all are alike. */
export type ParticipantRole = 'host' | 'member';

/** Why somebody is no longer there; `busy` to `failed` of a call that did not come about. */
export type LeftReason =
  'left' | 'kicked' | 'ended' | 'busy' | 'no_answer' | 'canceled' | 'rejected' | 'failed' | 'media_lost';

export type ConferenceEndedReason =
  'empty' | 'host_left' | 'requested' | 'timeout' | 'media_lost' | 'failed' | 'shutdown';

/** Gain of a stream in dB, or that nothing passes (RFC 5707 §8.12.1.1). */
export type Loudness = number | 'mute';

/** What of a participant flows on the media server; a part that is absent does not. */
export interface Streams {
  /** Into the conference. */
  speak?: Loudness;
  /** Out of it. */
  hear?: Loudness;
  /** To one connection alone. */
  whisper?: { readonly to: string; readonly loudness: Loudness };
  /** The name of the dialog that plays music to it. */
  music?: string;
}

export interface ParticipantSnapshot {
  readonly id: ParticipantId;
  readonly callId: CallId;
  readonly leg: LegRole;
  readonly role: ParticipantRole;
  /** The call is for this conference and nothing else: it ends when the participant has to go. */
  readonly ownsCall: boolean;
  readonly uri: string;
  readonly createdAt: number;
  state: 'joining' | 'connected' | 'left';
  /** `conn:…`, once its call is answered. */
  connection?: string;
  joinedAt?: number;
  leftAt?: number;
  leftReason?: LeftReason;
  error?: MediaFailure;
  /** Its call was to be hung up when it left. */
  hungUp?: true;
  /** What is wanted of it. */
  muted: boolean;
  deaf: boolean;
  hold: boolean;
  gainDb: number;
  /** Only this participant hears it. */
  coachOf?: ParticipantId;
  speaking: boolean;
  /** What the media server does for it, as far as is known. */
  applied: Streams;
  /** What it was asked to do and has not answered. */
  pending?: Streams;
  /** Sensitive collections under way in its call: while there is one nobody hears it, whatever is wanted of it. */
  silencedBy?: string[];
  /** A change of what is wanted that no event has told of yet. */
  unreported?: true;
  /** Refusals in a row. */
  refusals: number;
  /** The media server has no music that it can play. */
  silentHold?: true;
}

/** An announcement to everybody, or to one participant. */
export interface AnnouncementSnapshot {
  readonly id: string;
  readonly sources: readonly PromptSource[];
  readonly loop: number;
  readonly participant?: ParticipantId;
  readonly createdAt: number;
  /** `conf:…` or `conn:…`, once it has begun. */
  target?: string;
  /** What the media server reported so far. */
  values: NameValue[];
  state: PlayState;
  error?: MediaFailure;
}

/** A recording that a conference has on its media server. */
export interface ConferenceRecording extends RecordingSnapshot {
  /** What one participant says, and the recording that this is a track of; missing: the mix. */
  readonly track?: {
    readonly of: RecordingId;
    readonly participant: ParticipantId;
    readonly connection: string;
  };
}

/** A recording with a track for each participant, see {@link ConferenceRecording.track}. */
export interface TrackSetSnapshot {
  readonly id: RecordingId;
  readonly maxMs: number;
  readonly createdAt: number;
  state: TrackSetState;
  /** What clients want of all of its tracks. */
  pause?: RecordingPause;
  startedAt?: number;
  endedAt?: number;
  error?: MediaFailure;
}

export interface ConferenceOptions {
  readonly maxParticipants: number;
  readonly startOn: 'join' | 'host';
  readonly endOn: 'empty' | 'host';
  /** How long it stays when the last has left, in milliseconds. */
  readonly lingerMs: number;
  readonly maxDurationMs: number;
  readonly tones: { readonly enter: boolean; readonly leave: boolean };
  /** What is heard on hold, and before the conference has started. */
  readonly music: readonly PromptSource[];
  /** Least time between two reports of who speaks, in milliseconds; 0: none. */
  readonly speakersMs: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * All there is of a conference, as plain JSON: it goes to the store as it is, and a conference is restored from nothing else.
 * Times are milliseconds since the epoch.
 */
export interface ConferenceSnapshot extends Answering {
  readonly id: ConferenceId;
  readonly name: string;
  /** Grows by one with each conference of the same name. */
  readonly generation: number;
  readonly options: ConferenceOptions;
  readonly createdAt: number;
  state: ConferenceState;
  startedAt?: number;
  endedAt?: number;
  endedReason?: ConferenceEndedReason;
  error?: MediaFailure;
  /** Where it is mixed: where the first participant's media are. */
  mediaServer?: string;
  mediaDialect?: MsmlDialect;
  mixer: MixerState;
  /** Attempts to open the control dialog since it last stood. */
  attempts: number;
  /** The control dialog, and those that were given up and are ending. */
  usages: Record<string, InviteUsageState>;
  /** Usage id of the control dialog. */
  control?: string;
  /** Dialogs opened so far; numbers usage ids. */
  opened: number;
  exchange?: MsmlExchangeState;
  participants: ParticipantSnapshot[];
  announcements: AnnouncementSnapshot[];
  /** Of the mix, or of one participant; `mono` all of them. */
  recordings: ConferenceRecording[];
  /** Missing: none. */
  trackSets?: TrackSetSnapshot[];
  /** The calls of the participants go on when the conference ends. */
  keepsCalls?: true;
  /** Dialogs started on the media server so far; numbers their names. */
  dialogs: number;
  timers: Record<string, number>;
  /** Sequence number of the last event of this conference. */
  sequence: number;
}

/** Who has not left. */
export const present = ({ participants }: ConferenceSnapshot): ParticipantSnapshot[] =>
  participants.filter(({ state }) => state !== 'left');

/** The name of the conference on the media server: `conf:` and our id, which nobody else has (RFC 5707 §8.3). */
export const mixerId = ({ id }: Pick<ConferenceSnapshot, 'id'>): string => `conf:${id}`;
