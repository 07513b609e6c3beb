import { DEFAULT_MAX_REGISTRATIONS, MAX_DOCUMENTS } from '@legato/b2bua';
import type { Clock, Log } from '@legato/kernel';
import type { OwnershipChange } from './node-lease';
import { NodeLease } from './node-lease';
import { RedisCallStore } from './redis-call-store';
import type { RedisCounters } from './redis-counters';
import { RedisCallSeats } from './redis-call-seats';
import { RedisCdrLog } from './redis-cdr-log';
import { RedisDocumentStore } from './redis-document-store';
import { RedisEventLog } from './redis-event-log';
import { RedisNonceLedger } from './redis-nonce-ledger';
import { redisKeys } from './redis-keys';
import { RedisLink } from './redis-link';
import { RedisRegistrationStore } from './redis-registration-store';

export interface RedisStateOptions {
  /** `redis://user:password@host:port/db`, or `rediss:` over TLS. Never logged. */
  readonly url: string;
  /** Names the connections. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when the node may no longer own its calls, or Redis no longer have them. */
  readonly onOwnership?: (change: OwnershipChange) => void;
  /** Before every key (default `legato:`). */
  readonly keyPrefix?: string;
  /** How long Redis may take to be usable at the start (default 2,000). */
  readonly startMs?: number;
  /** How long an answer may take while the connection stands (default 250). */
  readonly deadlineMs?: number;
  /** How long a command may wait when the connection is down in between (default 3,000). */
  readonly outageMs?: number;
  /** Commands under way and waiting at most (default 10,000). */
  readonly maxPending?: number;
  /** A node that has not been heard of for so long is dead (default 3,000). */
  readonly leaseMs?: number;
  /** How long Redis remembers nodes, and which of their epochs are fenced (default 7 days; longer than any call is kept). */
  readonly nodeTtlMs?: number;
  /** How long a node must have been without a lease before it can be fenced (default 300). */
  readonly suspectMs?: number;
  /** Events kept at most, roughly (default 1,000,000). */
  readonly maxEvents?: number;
  /** How long events are kept, and the log after the last of them (default 7 days). */
  readonly eventsTtlMs?: number;
  /** Call detail records kept at most, roughly (default 1,000,000). */
  readonly maxCdrs?: number;
  /** How long they are kept after the last of them (default 90 days). */
  readonly cdrsTtlMs?: number;
  /** Addresses-of-record with bindings at most (default 100,000). */
  readonly maxRegistrations?: number;
  /** Documents in one collection at most (default 10,000). */
  readonly maxDocuments?: number;
  /** How long documents are kept that no node asks for any more (default 90 days). */
  readonly documentsTtlMs?: number;
}

/** What one node has in Redis. */
export interface RedisState {
  readonly calls: RedisCallStore;
  readonly events: RedisEventLog;
  readonly cdrs: RedisCdrLog;
  readonly nonces: RedisNonceLedger;
  readonly seats: RedisCallSeats;
  readonly registrations: RedisRegistrationStore;
  readonly documents: RedisDocumentStore;
  readonly counters: Readonly<RedisCounters>;
  /** `host:port` */
  readonly address: string;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const WEEK_MS = 7 * 24 * 3_600_000;

const QUARTER_MS = 90 * 24 * 3_600_000;

const DEFAULTS = {
  keyPrefix: 'legato:',
  startMs: 2_000,
  deadlineMs: 250,
  outageMs: 3_000,
  maxPending: 10_000,
  leaseMs: 3_000,
  nodeTtlMs: WEEK_MS,
  suspectMs: 300,
  maxEvents: 1_000_000,
  eventsTtlMs: WEEK_MS,
  maxCdrs: 1_000_000,
  cdrsTtlMs: QUARTER_MS,
  maxRegistrations: DEFAULT_MAX_REGISTRATIONS,
  maxDocuments: MAX_DOCUMENTS,
  documentsTtlMs: QUARTER_MS,
};

/**
 * Connects to Redis. Rejects in one line, with StoreUnavailable when it does not answer in time and with RangeError
 * when the URL is none. The node registers by `calls.register`.
 */
export async function createRedisState(options: RedisStateOptions): Promise<RedisState> {
  const settings = { ...DEFAULTS, ...given(options) };
  const keys = redisKeys(settings.keyPrefix);
  const link = new RedisLink({ ...settings, connectionName: `legato-${clientName(options.nodeId)}` });
  const onChange = options.onOwnership ?? (() => undefined);
  const lease = new NodeLease({ ...settings, link, keys, onChange });
  const calls = new RedisCallStore({ ...settings, link, keys, lease });
  const tailName = `legato-${clientName(options.nodeId)}-events`;
  const events = new RedisEventLog({ ...settings, link, keys, connectionName: tailName });
  const cdrs = new RedisCdrLog({ link, keys });
  const registrations = new RedisRegistrationStore({ ...settings, link, keys });
  const documents = new RedisDocumentStore({ ...settings, link, keys });
  const nonces = new RedisNonceLedger({ link, keys });
  const seats = new RedisCallSeats({ ...settings, link, keys });
  try {
    await link.start(settings.startMs);
  } catch (error) {
    await link.close();
    throw error;
  }
  const close = async () => {
    events.close();
    await calls.close();
  };
  return {
    calls,
    events,
    cdrs,
    registrations,
    nonces,
    seats,
    documents,
    counters: link.counters,
    address: link.address,
    ping: () => calls.ping(),
    close,
  };
}

/** CLIENT SETNAME takes no spaces and no control characters. */
const clientName = (nodeId: string) => nodeId.replace(/[^!-~]/g, '_');

/** Without the options that are set to undefined: they mean the default. */
const given = (options: RedisStateOptions) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as typeof options;
