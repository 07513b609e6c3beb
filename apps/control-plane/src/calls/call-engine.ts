import type { CallControl, CallStore, MediaServerPool, OutboundTrunks, RouteTable } from '@legato/b2bua';
import type { Clock, IdSource, Log } from '@legato/kernel';
import type { ClientAuthorizer } from '@legato/sip';
import type { OwnershipChange } from '@legato/state-redis';
import type { SipStack } from '../sip/sip-stack';

/** What a call engine is made of. */
export interface CallEngineParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly sip: SipStack;
  readonly store: CallStore;
  readonly mediaServers: MediaServerPool;
  readonly routes: RouteTable;
  readonly nodeId: string;
  readonly trunks?: OutboundTrunks;
  /** Credentials for those who challenge our requests. */
  readonly authorize?: ClientAuthorizer['authorize'];
}

/** The calls of this node and their life beside it. */
export interface CallEngine {
  readonly control: CallControl;
  /**
   * Registers the node with the store and takes up what an earlier life of it left behind. The sockets can send by
   * now; what they receive waits until this is done.
   */
  restore(): Promise<void>;
  /** The node shuts down: ends what can not outlive the process. */
  drain(): Promise<void>;
  /** The store says that calls may no longer be ours, or no longer be there. */
  ownershipChanged(change: OwnershipChange): void;
}

export type CallEngineFactory = (parts: CallEngineParts) => CallEngine;
