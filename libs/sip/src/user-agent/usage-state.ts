import type { DialogState } from '../dialog/dialog-state';
import type { Address, Flow } from '../message/flow';
import type { CalleePhase } from './callee.machine';
import type { CallerPhase } from './caller.machine';
import type { ReinvitePhase } from './reinvite.machine';
import type { HeaderList } from './usage-body';
import type { EndReason, InvitePurpose } from './usage-events';

/** What a UAC needs to send its INVITE (RFC 3261 §8.1.1). */
export interface OutgoingInvite {
  readonly requestUri: string;
  /** name-addr without tag */
  readonly from: string;
  readonly to: string;
  /** Contact value */
  readonly contact: string;
  /** Pre-loaded Route values. */
  readonly routeSet?: string[];
  /** Where to send it, whatever its URIs say. */
  readonly target?: Flow | Address;
  /** Max-Forwards among them replaces the usual 70. */
  readonly headers?: HeaderList;
  readonly sipCallId?: string;
}

/** A body as JSON: one character per byte. */
export interface StoredBody {
  readonly contentType: string;
  readonly latin1: string;
}

/** What is kept of a request until its final response (RFC 3261 §8.2.6.2). */
export interface StoredRequest {
  readonly method: string;
  readonly cseq: number;
  readonly vias: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly recordRoutes?: readonly string[];
  /** The URI of its Contact: the remote target, once the request is accepted. */
  readonly target?: string;
  readonly hasBody: boolean;
  readonly flow?: Flow;
}

/** A 2xx that is sent until its ACK comes. */
export interface SentTwoHundred {
  readonly cseq: number;
  readonly transactionKey: string;
  readonly purpose: InvitePurpose;
  /** The response, one character per byte. */
  readonly latin1: string;
  /** Its INVITE brought the offer, so that the ACK brings none of it. */
  readonly answersOffer: boolean;
  /** Until the next copy, and since the first one. */
  intervalMs: number;
  elapsedMs: number;
}

/** An ACK that each further copy of its 2xx gets again. */
export interface SentAck {
  readonly cseq: number;
  readonly body?: StoredBody;
}

/** A request of ours within the dialog; `cseq` is there when it has been sent. */
export interface PendingRequest {
  readonly method: string;
  readonly token: string;
  readonly body?: StoredBody;
  readonly headers?: HeaderList;
  readonly cseq?: number;
}

/** Our re-INVITEs: the one under way and those that wait for it. */
export interface ReinviteState {
  phase: ReinvitePhase;
  cseq: number;
  /** How often the one under way met glare. */
  collisions: number;
  body: StoredBody | null;
  wanted: (StoredBody | null)[];
}

/** A usage as plain JSON. Deadlines are wall times in milliseconds since the epoch: they survive a restart. */
export interface InviteUsageState {
  readonly id: string;
  readonly role: 'UAC' | 'UAS';
  phase: CallerPhase | CalleePhase;
  dialog: DialogState | null;
  timers: Record<string, number>;
  /** Our Contact value where it is not the default one. */
  contact?: string;
  /** UAC: what the INVITE is made of, until it is sent. */
  outgoing?: OutgoingInvite & { readonly sipCallId: string; readonly localTag: string };
  /** UAC: the Request-URI of the INVITE, until it has its final response. */
  requestUri?: string;
  inviteCSeq?: number;
  /** UAC: remote tags of further 2xx that were acknowledged and hung up. */
  hungUpForks?: string[];
  /** UAS: the INVITE, until its final response. */
  incoming?: { readonly transactionKey: string; readonly request: StoredRequest };
  sentTwoHundreds?: SentTwoHundred[];
  sentAcks?: SentAck[];
  reinvite?: ReinviteState;
  /** In the order of sending; at most the first is under way. */
  requests?: PendingRequest[];
  /** Requests of the peer that wait for respond() or answerReinvite(), by transaction key. */
  served?: Record<string, StoredRequest>;
  /** The last final response but those to INVITE, for a retransmission that finds no transaction after a restart. */
  lastAnswer?: { readonly cseq: number; readonly status: number };
  byeCSeq?: number;
  /** Reason value of a BYE that waits for the ACK. */
  byeReason?: string;
  endReason?: EndReason;
}
