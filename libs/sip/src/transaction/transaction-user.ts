import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';

/** What the sender of a request holds of its client transaction (RFC 3261 §17.1). */
export interface ClientTransaction {
  /** Of the attempt in progress: a failover to the next hop has another one (RFC 3263 §4.3). */
  readonly branch: string;
  /** As sent, with its Via; until a final response has been received. */
  readonly request: SipRequest | undefined;
  /**
   * INVITE only: sends CANCEL with these extra headers such as Reason (RFC 3261 §9.1). Held until a provisional arrives, never
   * sent after a final response; the second call does nothing.
   */
  cancel(headers?: Iterable<readonly [string, string]>): void;
}

/** Who sent the request; called once per event, never before sendRequest has returned. */
export interface ClientTransactionUser {
  /** Every response but retransmitted ones; in state Accepted each further 2xx again (RFC 6026 §7.2). */
  receiveResponse(response: SipResponse, transaction: ClientTransaction): void;
  /** Timer B or F fired, or no final response came 64*T1 after a CANCEL: nothing else will come. */
  receiveTimeout(transaction: ClientTransaction): void;
  /** The request could not be sent: nothing else will come. */
  receiveTransportError(error: Error, transaction: ClientTransaction): void;
}

export type ServerTransactionState =
  'Trying' | 'Proceeding' | 'Completed' | 'Confirmed' | 'Accepted' | 'Terminated';

/** What the transaction user holds of a request it has to answer (RFC 3261 §17.2). */
export interface ServerTransaction {
  /** Stable: branch|sent-by|method, and of its own form for RFC 2543 peers. */
  readonly key: string;
  readonly request: SipRequest;
  readonly state: ServerTransactionState;
  /**
   * Any number of provisional responses and one final. In Accepted a further 2xx is sent as given: the UAS core retransmits
   * it (RFC 6026 §7.1). False when the machine has no such arrow: after a final response, a 1xx other than 100 or a 408 to a
   * non-INVITE request (RFC 4320 §4), or a response that can not be serialized.
   */
  respond(response: SipResponse): boolean;
}

/** The core above the transactions: what RFC 3261 §17 calls the TU. */
export interface TransactionUser {
  /** A new request that no transaction absorbed. An ACK for a 2xx comes with transaction undefined. */
  receiveRequest(request: SipRequest, transaction: ServerTransaction | undefined): void;
  /** A CANCEL for a transaction without a final response; the layer has answered it 200 (RFC 3261 §9.2). */
  receiveCancel(cancel: SipRequest, transaction: ServerTransaction): void;
  /** A 2xx to an INVITE that matches no client transaction: a late fork, or one from before a restart (RFC 6026 §7.2). */
  receiveStrayResponse(response: SipResponse): void;
  /** Timer H: no ACK came for a final response other than 2xx; or a response could not be sent (RFC 6026 §7.1). */
  receiveServerFailure?(transaction: ServerTransaction, reason: 'no ACK' | 'transport error'): void;
}
