import type {
  CallControl,
  CallSeats,
  CallStore,
  DocumentStore,
  FlowApplications,
  FlowDocuments,
  MediaServerPool,
  OutboundTrunks,
  RouteTable,
} from '@legato/b2bua';
import type { Clock, IdSource, Log } from '@legato/kernel';
import type { ClientAuthorizer } from '@legato/sip';
import type { OwnershipChange } from '@legato/state-redis';
import type { MediaServers } from '../media-servers/media-servers';
import type { SipStack } from '../sip/sip-stack';
import type { ResourceCommands } from './resource-commands';

/** What a call engine is made of. */
export interface CallEngineParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly sip: SipStack;
  readonly store: CallStore;
  readonly documents: DocumentStore;
  /** Flows that calls may be in the hands of, and the applications that they ask. */
  readonly flows: { readonly library: FlowDocuments; readonly applications: FlowApplications };
  readonly mediaServers: MediaServerPool;
  /** Dialogs without media: they are no calls, but go the same way. */
  readonly controlChannels: Pick<MediaServers, 'connectThrough' | 'deliver' | 'onSilent'>;
  readonly routes: RouteTable;
  readonly nodeId: string;
  /** Finished recordings go to an archive before they are complete. */
  readonly archivesRecordings: boolean;
  /** Called when a recording of a call has ended. */
  readonly recordingFinished: () => void;
  readonly trunks?: OutboundTrunks;
  /** Unset: the calls of this node are all there are. */
  readonly seats?: CallSeats;
  /** Peers whose word on identities counts (RFC 3325). */
  readonly isTrustedPeer: (host: string) => boolean;
  /** Credentials for those who challenge our requests. */
  readonly authorize?: ClientAuthorizer['authorize'];
}

/** Which node has what. */
export interface Whereabouts {
  /** Whether this node has the call or conference. */
  isHere(id: string): boolean;
  /** The call or conference that a recording belongs to. */
  ownerOfRecording(id: string): Promise<string | undefined>;
  /** The id of the last conference of a name. */
  conferenceNamed(name: string): Promise<string | undefined>;
}

/** The calls of this node and their life beside it. */
export interface CallEngine {
  readonly control: CallControl;
  readonly commands: ResourceCommands;
  readonly whereabouts: Whereabouts;
  /**
   * Registers the node with the store and takes up what an earlier life of it left behind. The sockets can send by
   * now; what they receive waits until this is done.
   */
  restore(): Promise<void>;
  /** Takes up the calls of another node, which is dead and fenced. Answers how many. */
  takeOver(nodeId: string): Promise<number>;
  /** The node shuts down: ends what can not outlive the process. */
  drain(): Promise<void>;
  /** The store says that calls may no longer be ours, or no longer be there. */
  ownershipChanged(change: OwnershipChange): void;
}

export type CallEngineFactory = (parts: CallEngineParts) => CallEngine;
