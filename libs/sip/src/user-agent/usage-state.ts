import type { DialogState } from '../dialog/dialog-state';
import type { Address, Flow } from '../message/flow';
import type { CalleePhase } from './callee.machine';
import type { CallerPhase } from './caller.machine';
import type { ReinvitePhase } from './reinvite.machine';
import type { OfferAnswerExchange } from './offer-answer';
import type { ReliableProvisionalState } from './reliable-provisional.machine';
import type { Refresher } from '../message/header/session-expires';
import type { SessionTimerState } from './session-timer.machine';
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
  /**
   * Option tags that this INVITE is silent of: `100rel` where a reliable provisional response would bring an offer that nobody
   * can answer in its PRACK.
   */
  withheld?: readonly string[] | undefined;
  /** Whose credentials may answer a challenge to a request of this dialog; nobody's when absent. */
  readonly account?: string;
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
  /** INVITE: what it says of reliable provisional responses (RFC 3262 §3). */
  readonly reliability?: 'supported' | 'required';
  readonly session?: SessionRequest;
  readonly flow?: Flow;
}

/** A refusal that may not have left when the process died. */
export interface SentRefusal {
  readonly transactionKey: string;
  readonly request: StoredRequest;
  readonly status: number;
  readonly reason?: string;
  readonly headers?: HeaderList;
}

/** A 2xx that is sent until its ACK comes. */
export interface SentTwoHundred {
  readonly cseq: number;
  readonly transactionKey: string;
  readonly purpose: InvitePurpose;
  /** The response, one character per byte. */
  readonly latin1: string;
  /** Until the next copy, and since the first one. */
  intervalMs: number;
  elapsedMs: number;
}

/** An ACK that each further copy of its 2xx gets again. */
export interface SentAck {
  readonly cseq: number;
  readonly body?: StoredBody;
  readonly credentials?: HeaderList;
}

/** A request of the peer within the dialog that waits for our answer. */
export interface ServedRequest {
  readonly transactionKey: string;
  readonly request: StoredRequest;
}

/** A request of ours within the dialog; `cseq` is there when it has been sent. */
export interface PendingRequest {
  readonly method: string;
  readonly token: string;
  readonly body?: StoredBody;
  readonly headers?: HeaderList;
  readonly cseq?: number;
  /** The next process sends it as it was, when its answer was lost with this one. */
  readonly isRepeated?: true;
  /** Of its transaction, when it is. */
  readonly branch?: string;
  /** Of the session timer: its outcome is not told. */
  readonly isRefresh?: true;
  readonly challenges?: number;
}

/** A re-INVITE that waits for its turn. */
export interface WantedReinvite {
  readonly body: StoredBody | null;
  /** Of the session timer: its outcome is not told. */
  readonly isRefresh?: true;
}

/** What an INVITE or UPDATE said of session timers (RFC 4028). */
export interface SessionRequest {
  readonly supportsTimer: boolean;
  readonly seconds?: number;
  readonly refresher?: Refresher;
  readonly minSeS?: number;
}

/** Our re-INVITEs: the one under way and those that wait for it. */
export interface ReinviteState {
  phase: ReinvitePhase;
  cseq: number;
  /** How often the one under way met glare. */
  collisions: number;
  body: StoredBody | null;
  isRefresh?: boolean;
  challenges?: number;
  credentials?: HeaderList;
  wanted: WantedReinvite[];
}

/** A response of the TU that waits for a PRACK. */
export interface KeptResponse {
  readonly status: number;
  readonly body?: StoredBody;
  readonly headers?: HeaderList;
}

/** UAS: reliable provisional responses to the INVITE (RFC 3262 §3). */
export interface ReliableProvisionals {
  state: ReliableProvisionalState;
  /** RSeq of the one sent last; 0 before the first. */
  rseq: number;
  /** The one without PRACK, one character per byte. */
  latin1: string;
  intervalMs: number;
  elapsedMs: number;
  kept: KeptResponse[];
  heldAnswer?: KeptResponse;
}

/** UAC: a PRACK that may be challenged. */
export interface SentPrack {
  readonly cseq: number;
  readonly responseNumber: number;
  readonly body?: StoredBody;
  readonly credentials?: HeaderList;
  readonly challenges: number;
}

/** UAC: the early dialog of a branch that is not followed, and the RSeq that was acknowledged last. */
export interface EarlyFork {
  readonly dialog: DialogState;
  rseq: number;
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
  /** UAC: what the INVITE is made of, while it may be sent again. */
  outgoing?: OutgoingInvite & {
    readonly sipCallId: string;
    readonly localTag: string;
    body?: StoredBody | undefined;
    /** Of the copy that the peer works on: the next process goes on with the same transaction. */
    branch?: string | undefined;
    /** The way on which the first provisional response came. */
    way?: Flow | undefined;
  };
  /** UAC: the Request-URI of the INVITE, until it has its final response. */
  requestUri?: string;
  /** UAC: the Request-URI of an INVITE that went along a flow: the peer is where the flow leads, not where its Contact says. */
  calledByFlow?: string;
  inviteCSeq?: number;
  /** Whose credentials may answer a challenge. */
  account?: string;
  /** Of the INVITE, for the ACK of its 2xx; then of the BYE. */
  credentials?: HeaderList;
  /** How often the INVITE, or the BYE, was challenged. */
  challenges?: number;
  /** Whose answer to an offer is missing; absent when none is (RFC 3264 §4). */
  exchange?: OfferAnswerExchange;
  /** The offer of the INVITE was answered before its 2xx, in a reliable provisional response or its PRACK. */
  answeredEarly?: boolean;
  reliable?: ReliableProvisionals;
  /** The session timer, while one runs (RFC 4028). */
  session?: { readonly state: Exclude<SessionTimerState, 'Off'>; readonly intervalS: number };
  minSeS?: number;
  peerTakesUpdate?: boolean;
  /** What we described last, where a refresh will need it. */
  localBody?: StoredBody;
  /** UAC: RSeq of the reliable provisional response that was acknowledged last, and of the one whose PRACK the TU owes. */
  rseq?: number;
  owedPrack?: number;
  /** UAC: PRACKs of the dialog without an answer, kept only where a challenge could be met. */
  sentPracks?: SentPrack[];
  forks?: EarlyFork[];
  /** UAC: remote tags of early dialogs that a 199 has ended (RFC 6228 §5). */
  goneForks?: string[];
  /** UAC: remote tags of further 2xx that were acknowledged and hung up. */
  hungUpForks?: string[];
  /** UAS: the INVITE, until its final response. */
  incoming?: { readonly transactionKey: string; readonly request: StoredRequest };
  /** UAS: the refusal of the INVITE, until the TU has heard of the end. */
  refusal?: SentRefusal;
  sentTwoHundreds?: SentTwoHundred[];
  sentAcks?: SentAck[];
  reinvite?: ReinviteState;
  /** In the order of sending; at most the first is under way. */
  requests?: PendingRequest[];
  /** Requests of the peer that wait for respond() or answerReinvite(). */
  served?: ServedRequest[];
  /** The last final response but those to INVITE, for a retransmission that finds no transaction after a restart. */
  lastAnswer?: { readonly cseq: number; readonly status: number };
  byeCSeq?: number;
  /** Reason value of a BYE that waits for the ACK. */
  byeReason?: string;
  endReason?: EndReason;
}
