import type { IdSource } from '@legato/kernel';
import type { ClientAuthorizer } from '../auth/client-authorizer';
import type { DialogState } from '../dialog/dialog-state';
import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { HeaderList } from './usage-body';

/** How a usage wants a request sent. */
export interface SendRequestOptions {
  readonly target?: Flow | Address;
  readonly token?: string;
  /** The branch of its transaction; default a fresh one. */
  readonly branch?: string;
}

/**
 * Where a usage puts what it wants done, in order. Who stores calls holds these back until the snapshot is written, then
 * has them carried out.
 */
export interface UsageOutput {
  /** Starts a client transaction; its outcome comes back by receiveResponse and receiveFailure. */
  sendRequest(usageId: string, request: SipRequest, options: SendRequestOptions): void;
  /** On the INVITE client transaction of this usage (RFC 3261 §9.1). */
  sendCancel(usageId: string, headers?: HeaderList): void;
  /** ACK for a 2xx: no transaction (RFC 3261 §13.2.2.4). */
  sendAck(usageId: string, request: SipRequest, options: { target?: Flow | Address }): void;
  sendResponse(usageId: string, transactionKey: string, response: SipResponse): void;
  /** The absolute deadline stands in the usage's state as well; fireTimer(name) is due when it is reached. */
  startTimer(usageId: string, name: string, delayMs: number): void;
  stopTimer(usageId: string, name: string): void;
  /** The dialog takes requests from now on, or no longer. */
  dialogAdded(usageId: string, dialog: DialogState): void;
  dialogRemoved(usageId: string, dialog: DialogState): void;
  /** Wall time in milliseconds. */
  readonly now: () => number;
  readonly ids: IdSource;
  /** Default Contact value. */
  readonly contact: string;
  /** Our Contact value towards a peer that is not reached by UDP, by Request-URI and flow; undefined: the default one. */
  readonly contactFor?: ((requestUri: string, flow?: Flow) => string | undefined) | undefined;
  /** Allow value. */
  readonly allow: string;
  /** Option tags that the TU is ready for: `100rel`. Sent in Supported. */
  readonly supported?: readonly string[];
  /**
   * A request that times out (408) does not end the dialog, 481 does. Deviates from RFC 3261 §12.2.1.2: for who expects its peer
   * to be taken over by another node.
   */
  readonly outlivesTimeouts?: boolean;
  /** Session timers are used, with these intervals in seconds (RFC 4028); `timer` is then among what is supported. */
  readonly sessionTimer?: { readonly intervalS: number; readonly minSeS: number };
  /**
   * Credentials for a 401 or 407: header fields for the same request, which is then sent once more (RFC 3261 §22). undefined when
   * the realm is none of ours: credentials go to nobody who just asks.
   */
  readonly authorize?: ClientAuthorizer['authorize'];
  /** Milliseconds. */
  readonly timers: { T1: number; T2: number };
}
