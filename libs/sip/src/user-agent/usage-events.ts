import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { SdpBody } from './usage-body';

export type InvitePurpose = 'INVITE' | 're-INVITE';

/** Why a usage is over. */
export type EndReason = 'bye sent' | 'bye received' | 'refused' | 'cancelled' | 'dialog lost';

/** What a usage has to tell its transaction user; each exactly once, in order, `ended` last. */
export type UsageEvent =
  /** UAC: 101 to 199 of the first dialog of the INVITE. */
  | { readonly type: 'provisional'; readonly response: SipResponse }
  /** UAC: acknowledge() is owed. */
  | { readonly type: 'accepted'; readonly purpose: InvitePurpose; readonly response: SipResponse }
  /** UAC: 408 for a timeout, 503 for a transport error, 487 after cancel(). */
  | {
      readonly type: 'refused';
      readonly purpose: InvitePurpose;
      readonly status: number;
      readonly response?: SipResponse;
    }
  /** UAS: the 487 is sent. */
  | { readonly type: 'cancelled' }
  /** UAS: the first ACK of a 2xx. */
  | { readonly type: 'acknowledged'; readonly purpose: InvitePurpose; readonly body?: SdpBody }
  /** UAS: no ACK came for 64*T1; bye() is due (RFC 3261 §13.3.1.4). */
  | { readonly type: 'no ack'; readonly purpose: InvitePurpose }
  /** answerReinvite() is owed; glare is dealt with. */
  | { readonly type: 're-INVITE'; readonly request: SipRequest; readonly transactionKey: string }
  /** INFO, UPDATE and the like: respond() is owed. */
  | { readonly type: 'request'; readonly request: SipRequest; readonly transactionKey: string }
  /** The result of request(): 408 for a timeout, 503 for a transport error, 481 when the dialog ended first. */
  | {
      readonly type: 'answered';
      readonly method: string;
      readonly token: string;
      readonly status: number;
      readonly response?: SipResponse;
    }
  /** The peer hung up; the 200 is sent. */
  | { readonly type: 'bye'; readonly request: SipRequest }
  /** Every timer is stopped; nothing else comes. */
  | { readonly type: 'ended'; readonly reason: EndReason };
