import type { Address, Flow, TransportProtocol } from '../message/flow';
import type { SipMessage, SipParseError } from '../message/sip-message';

/** An address and the name it was found by: what a TLS certificate has to vouch for (RFC 5922 §7.1). */
export interface NamedAddress extends Address {
  readonly serverName?: string;
}

/** Sends and receives whole messages; knows nothing of transactions (RFC 3261 §18). */
export interface SipTransport {
  readonly protocol: TransportProtocol;
  /** After start: the address it is bound to. */
  readonly local: Address;
  /** What peers are told in Via and Contact, when it is not {@link local}: behind NAT, or bound to a wildcard address. */
  readonly advertised?: Address;
  /** Binds. Rejects when the address can not be bound. */
  start(handler: TransportHandler): Promise<void>;
  /**
   * Serializes and sends. `onError` is called at most once, never before send returns: ICMP, connection refused, a message that
   * can not be serialized. Never throws.
   */
  send(message: SipMessage | Buffer, to: Flow | NamedAddress, onError?: (error: Error) => void): void;
  /**
   * Asks whether anybody listens where no answer comes from. `onUnreachable` is called at most once, when the system says that
   * nobody does (ICMP, RFC 3261 §18.4); silence says nothing. Left out by transports that hear of it anyway.
   */
  knock?(to: Flow | Address, onUnreachable: (error: Error) => void): void;
  /**
   * Sends itself a datagram that says nothing; `onRead` is called when it is read, unless another one was sent meanwhile: what
   * arrives now waits as long. Left out by transports where peers wait until they are read.
   */
  echo?(onRead: () => void): void;
  /** Closes sockets and connections; what arrives later is not delivered. */
  stop(): Promise<void>;
}

/** Where a transport delivers (RFC 3261 §18.1.2, §18.2.1). */
export interface TransportHandler {
  /** `received` and `rport` are in the top Via, `message.flow` is set. */
  receiveMessage(message: SipMessage): void;
  /** What the parser refused; a request can be answered from its salvage. */
  receiveMalformed(error: SipParseError, flow: Flow): void;
}

/** Whether messages arrive once and whole, so that RFC 3261 §17 does not retransmit. */
export const isReliable = (protocol: TransportProtocol): boolean => protocol !== 'UDP';

export const isFlow = (target: Flow | Address): target is Flow => 'remote' in target;
