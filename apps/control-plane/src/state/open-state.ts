import {
  MemoryCallStore,
  MemoryCdrLog,
  MemoryDocumentStore,
  MemoryEventLog,
  MemoryRegistrationStore,
} from '@legato/b2bua';
import type {
  CallSeats,
  CallStore,
  CdrLog,
  DocumentStore,
  EventLog,
  NonceLedger,
  RegistrationStore,
} from '@legato/b2bua';
import type { Clock, Log } from '@legato/kernel';
import { MemoryNonceLedger } from '@legato/sip';
import { createRedisState } from '@legato/state-redis';
import type { OwnershipChange, RedisCallStore } from '@legato/state-redis';

/** Where calls and events are kept. */
export interface State {
  readonly calls: CallStore;
  readonly events: EventLog;
  readonly cdrs: CdrLog;
  readonly registrations: RegistrationStore;
  readonly nonces: NonceLedger;
  /** Unset: the calls of this node are all there are. */
  readonly seats?: CallSeats;
  readonly documents: DocumentStore;
  /** The nodes that share the store; missing: there are no others. */
  readonly nodes?: SharedNodes;
  /** Questions that were not answered, since the start. */
  errors(): number;
  close(): Promise<void>;
}

/** What a node learns of the others, and may decide about them. */
export type SharedNodes = Pick<RedisCallStore, 'peers' | 'fence'>;

export interface StateOptions {
  /** Unset: memory. */
  readonly redisUrl?: string;
  readonly nodeId: string;
  /** Users with bindings at most. */
  readonly maxRegistrations?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Redis only: this node may have lost its calls, or Redis may have. */
  readonly onOwnership: (change: OwnershipChange) => void;
}

/** Opens the store that the configuration names. Rejects when Redis does not answer in time. */
export async function openState(options: StateOptions): Promise<State> {
  const { redisUrl, ...rest } = options;
  if (redisUrl === undefined) return memoryState(options);
  const redis = await createRedisState({ url: redisUrl, ...rest });
  return {
    calls: redis.calls,
    events: redis.events,
    cdrs: redis.cdrs,
    registrations: redis.registrations,
    nonces: redis.nonces,
    seats: redis.seats,
    documents: redis.documents,
    nodes: redis.calls,
    errors: () => redis.counters.unavailable + redis.counters.overflowed,
    close: () => redis.close(),
  };
}

function memoryState({ clock, log, maxRegistrations }: StateOptions): State {
  const events = new MemoryEventLog({ clock, log });
  const cdrs = new MemoryCdrLog({ clock });
  const calls = new MemoryCallStore({ clock, events, cdrs });
  const limit = maxRegistrations === undefined ? {} : { maxRegistrations };
  const registrations = new MemoryRegistrationStore({ clock, events, ...limit });
  const nonces = new MemoryNonceLedger(clock);
  const documents = new MemoryDocumentStore();
  return {
    calls,
    events,
    cdrs,
    registrations,
    nonces,
    documents,
    errors: () => 0,
    close: () => calls.close(),
  };
}
