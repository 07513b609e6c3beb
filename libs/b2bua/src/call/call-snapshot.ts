import type { Answering } from '../registry/command-answers';
import type { Branded } from '@legato/kernel';
import type { MsmlDialect, MsmlDialogResultsState, MsmlExchangeState, NameValue } from '@legato/msml';
import type { InviteUsageState } from '@legato/sip';
import type { ConferenceId, ParticipantId } from '../conference/conference-snapshot';
import type { CallTarget } from '../ports/route-table';
import type { CallState } from './call.machine';
import type { DigitsSnapshot } from './digits-snapshot';
import type { HoldSnapshot } from './hold-snapshot';
import type { CollectSnapshot } from './collect-snapshot';
import type { PauseMode, RecordOptions } from '../media-control/record-requests';
import type { FlowSnapshot } from './flow-snapshot';
import type { PlaySnapshot } from './play-snapshot';
import type { RingSnapshot } from './ring-snapshot';
import type { RecordingState } from '../use-cases/recording.machine';

/** `call_<uuidv7>`: ours. The header's is a SipCallId. */
export type CallId = Branded<'CallId'>;
/** `rec_<uuidv7>` */
export type RecordingId = Branded<'RecordingId'>;

/** `cmd_<uuidv7>` */
export type CommandId = Branded<'CommandId'>;

/** The two parties of a call. */
export type LegRole = 'caller' | 'callee';
/** The dialog between us and the media server that stands for a party's media. */
export type MediaRole = 'caller media' | 'callee media';
/** One SIP dialog of the call: two at most to parties, two at most to a media server. */
export type Role = LegRole | MediaRole;

export const LEG_ROLES: readonly LegRole[] = ['caller', 'callee'];
export const MEDIA_ROLES: readonly MediaRole[] = ['caller media', 'callee media'];
export const ROLES: readonly Role[] = [...LEG_ROLES, ...MEDIA_ROLES];

export type CallMode = 'direct' | 'anchored';
export type RecordingChannels = 'mono' | 'dual';

export type EndedReason =
  'completed' | 'busy' | 'no_answer' | 'canceled' | 'rejected' | 'failed' | 'media_lost' | 'timeout';

export interface SipOutcome {
  readonly status: number;
  readonly reason: string;
}

/**
 * Who has a call of one party in hand: a flow, a conference, an application that is asked what comes next (its name is its URL
 * without the query), or one that learns of the call by webhook and decides over REST.
 */
export interface ApplicationTarget {
  readonly kind: 'flow' | 'conference' | 'application' | 'webhook';
  readonly name: string;
}

/** The second party that an application had a call bridged to. */
export interface BridgeSnapshot {
  readonly to: string;
  readonly ringTimeoutMs: number;
  /** When the second party hangs up the call goes on with the first. */
  readonly stays: boolean;
}

/** The command of an application that the step-wise use case under way carries out. */
export interface CommandSnapshot {
  readonly id: CommandId;
  readonly name: string;
}

/** Who a party is by its own word and by that of trusted peers. */
export interface PartyIdentity {
  /** Privacy (RFC 3323 §4.2). */
  readonly privacy?: string;
  /** Values of P-Asserted-Identity (RFC 3325 §9.1) that a trusted peer has sent. */
  readonly asserted?: readonly string[];
}

/** A step-wise use case under way: which one, and the state of its machine. */
export interface ProcedureSnapshot {
  readonly name:
    | 'connect-direct'
    | 'connect-anchored'
    | 'connect-media'
    | 'bridge'
    | 'move-to-media'
    | 'hold-direct'
    | 'reconnect-direct';
  state: string;
  /** Parties that an attempt to move has re-INVITEd so far. */
  moved: LegRole[];
}

/** A request of one dialog that waits for the answer of another. */
export interface RelaySnapshot {
  readonly kind: 're-INVITE' | 'request';
  readonly from: Role;
  readonly to: Role;
  readonly transactionKey: string;
  /** re-INVITE: whether it carried an offer. */
  readonly offered: boolean;
  /** What its sender had described before the offer: that counts again when the offer is refused. */
  readonly before?: string;
  /** A PRACK whose offer has gone on in an UPDATE. */
  readonly asUpdate?: true;
  /** The answer to our own re-INVITE has arrived, its ACK waits for the one of the other side (delayed offer). */
  awaitingAck?: boolean;
}

/** A pause that was asked for. */
export interface RecordingPause {
  readonly mode: PauseMode;
  readonly reason?: string;
}

export interface RecordingSnapshot extends RecordOptions {
  readonly id: RecordingId;
  /** The one party that is recorded; missing: the call. */
  readonly leg?: LegRole;
  /** It ends without the silence at its end. */
  readonly trim?: boolean;
  readonly createdAt: number;
  /** What clients want, whatever the media server has been told so far. */
  pause?: RecordingPause;
  /** Sensitive collections under way: while there is one it is silent. */
  silencedBy?: string[];
  /** How the media server pauses it. */
  paused?: RecordingPause;
  state: RecordingState;
  startedAt?: number;
  endedAt?: number;
  /** What the media server reported so far, in order; names may repeat. */
  values: NameValue[];
  durationMs?: number;
  /** file:// URI of the finished file as the media server named it. */
  file?: string;
  error?: { code: string; detail: string };
}

/**
 * All there is of a call, as plain JSON: it goes to the store as it is, and a call is restored from nothing else.
 * Times are milliseconds since the epoch. Session descriptions are kept byte for byte, one character per byte.
 */
export interface CallSnapshot extends Answering {
  readonly id: CallId;
  readonly direction: 'inbound' | 'outbound';
  mode: CallMode;
  state: CallState;
  readonly from: string;
  /** URIs that were asked for: one for an inbound call, one or two for an originated one. */
  readonly to: readonly string[];
  /** What the call of one party is for; without it the call is between two, or for whoever originated it. */
  readonly target?: ApplicationTarget;
  /** Missing: the call has the parties that it was made for. */
  bridge?: BridgeSnapshot;
  command?: CommandSnapshot;
  hold?: HoldSnapshot;
  /** Parties whom an application wants nobody to hear; missing: none. */
  muted?: LegRole[];
  /** Missing: none. */
  digits?: DigitsSnapshot[];
  /** Whose credentials the caller has, as user@realm; without any it is trusted by its address. */
  readonly account?: string;
  /** It has one of the seats of its account; missing: these are not counted. */
  hasSeat?: true;
  /** Places of a party that is registered, those not rung yet, in order. */
  targets?: Partial<Record<LegRole, CallTarget[]>>;
  /** URIs that a party's trunk has redirected the call to. */
  redirections?: Partial<Record<LegRole, readonly string[]>>;
  /** What the parties said of who they are, for each other; missing: nothing. */
  callerIdentity?: PartyIdentity;
  calleeIdentity?: PartyIdentity;
  /** Why the first party hung up, in its own words (RFC 3326): told to the other. */
  byeReason?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  answeredAt?: number;
  endedAt?: number;
  endedReason?: EndedReason;
  sip?: SipOutcome;
  readonly ringTimeoutMs: number;
  maxDurationMs: number;
  /** The route asks for a recording as soon as the parties are connected. */
  recordOnAnswer?: RecordingChannels;
  /** Max-Forwards for the requests that go on from here (RFC 7092 §3.1.2: loops end). */
  readonly maxForwards: number;
  /**
   * Every dialog that has not ended, by its number in the call; those without a role were given up and are ending.
   * A number, because a property name that is new in each call gives each call an object layout of its own.
   */
  usages: Record<number, InviteUsageState>;
  /** Which dialog plays which part now. */
  roles: Partial<Record<Role, string>>;
  /** The Call-IDs of dialogs that have ended. */
  sipCallIds: Partial<Record<Role, string>>;
  /** Dialogs opened so far; numbers usage ids. */
  opened: number;
  exchanges: Partial<Record<MediaRole, MsmlExchangeState>>;
  procedure: ProcedureSnapshot | null;
  /** The session description that each peer sent last. */
  descriptions: Partial<Record<Role, string>>;
  /** The last provisional response of the callee. */
  lastProvisional?: { status: number; hasDescription: boolean };
  /** Places that ring at the same time; missing: one at most does. */
  ring?: RingSnapshot;
  /** How a party refused: the best of what its places said. */
  refusals: Partial<Record<LegRole, SipOutcome>>;
  /** The status that the last of them said. */
  lastRefusals?: Partial<Record<LegRole, number>>;
  /** 2xx offers that were acknowledged with an inactive answer because the true one took too long (RFC 3725 §4). */
  parked: Role[];
  /** Parked dialogs whose re-INVITE with the true answer is under way. */
  settling: Role[];
  relays: RelaySnapshot[];
  recordings: RecordingSnapshot[];
  /** Missing: none. */
  plays?: PlaySnapshot[];
  /** Missing: none. */
  collects?: CollectSnapshot[];
  /** Missing: the call is in the hands of no flow. */
  flow?: FlowSnapshot;
  mediaServer?: string;
  /** How that media server writes and reads MSML; missing: by the RFC. */
  mediaDialect?: MsmlDialect;
  /** Its dialogs that have not ended; missing: none. */
  mediaDialogs?: MsmlDialogResultsState;
  /** How a media server refused what the caller offered. */
  mediaRefusal?: number;
  /** Media servers that failed this call. */
  failedMediaServers: string[];
  /** The conference that the call takes part in, and as whom. */
  conferenceMembership?: { readonly conference: ConferenceId; readonly participant: ParticipantId };
  /** The conference that the parties were moved into for a mixed recording. */
  conference?: string;
  timers: Record<string, number>;
  /** Sequence number of the last event of this call. */
  sequence: number;
}

/** The dialog that stands for the media of `leg`. */
export const mediaOf = (leg: LegRole): MediaRole => `${leg} media`;
export const otherLeg = (leg: LegRole): LegRole => (leg === 'caller' ? 'callee' : 'caller');
export const isMediaRole = (role: Role): role is MediaRole =>
  role === 'caller media' || role === 'callee media';

/** The number of a dialog in its call, out of its usage id `<call id>/<number>`. */
export const usageNumber = (usageId: string): number => Number(usageId.slice(usageId.lastIndexOf('/') + 1));
