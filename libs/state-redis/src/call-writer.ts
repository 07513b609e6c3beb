import type { CallWrite, WriteOutcome } from '@legato/b2bua';
import { StoreUnavailable } from '@legato/b2bua';
import type { NodeLease, Registration } from './node-lease';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';

export interface CallWriterOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly lease: NodeLease;
  readonly leaseMs: number;
  readonly nodeTtlMs: number;
  readonly maxEvents: number;
  readonly eventsTtlMs: number;
  readonly maxCdrs: number;
  readonly cdrsTtlMs: number;
}

/** A write whose answer never came: it may have been carried out, or be yet. */
interface LostWrite {
  readonly opId: string;
  readonly expectedVersion: number;
  readonly eventIds: readonly string[];
}

/** Calls whose last writes are remembered as lost, at most. */
const MAX_LOST_CALLS = 10_000;
/** Lost writes that are remembered of one call. */
const MAX_LOST_WRITES = 16;

/** Sends the writes of this node's calls. */
export class CallWriter {
  /** By call: it is brought up to date by the next write, which must know them to tell its own work from a stranger's. */
  private readonly lost = new Map<string, LostWrite[]>();

  constructor(private readonly options: CallWriterOptions) {}

  /** Rejects with StoreUnavailable. */
  async put(name: 'write' | 'reassert', write: CallWrite): Promise<WriteOutcome> {
    const { lease, link } = this.options;
    // What it asks for has been decided.
    if (lease.isLost) return { status: 'fenced' };
    const self = lease.current;
    if (!self) throw new StoreUnavailable('the node is not registered');
    lease.noteTtl(write.ttlMs);
    try {
      const answer = await link.call(name, this.keys(self, write), this.args(self, write));
      this.lost.delete(write.id);
      return this.outcome(answer as [string, number, number]);
    } catch (error) {
      this.remember(write);
      throw error;
    }
  }

  private remember({ id, opId, expectedVersion, events }: CallWrite): void {
    const before = (this.lost.get(id) ?? []).filter((lost) => lost.opId !== opId);
    this.lost.delete(id);
    const oldest = this.lost.size < MAX_LOST_CALLS ? undefined : this.lost.keys().next().value;
    if (oldest !== undefined) this.lost.delete(oldest);
    const eventIds = events.map((event) => event.id);
    this.lost.set(id, [...before, { opId, expectedVersion, eventIds }].slice(-MAX_LOST_WRITES));
  }

  private keys({ nodeId }: Registration, { id }: CallWrite): string[] {
    const { keys } = this.options;
    return [
      keys.node(nodeId),
      keys.lease(nodeId),
      keys.nodes,
      keys.call(id),
      keys.own(nodeId),
      keys.ids,
      keys.expiry,
      keys.events,
      keys.cdrs,
    ];
  }

  private args({ nodeId, epoch }: Registration, write: CallWrite): (string | number)[] {
    const { leaseMs, nodeTtlMs, maxEvents, eventsTtlMs, maxCdrs, cdrsTtlMs } = this.options;
    const { id, expectedVersion, generation, opId, state, ended, ttlMs } = write;
    const args: (string | number)[] = [
      nodeId,
      epoch,
      leaseMs,
      nodeTtlMs,
      id,
      expectedVersion,
      generation,
      opId,
    ];
    args.push(state, ended ? 1 : 0, Math.max(1, Math.ceil(ttlMs)), maxEvents, eventsTtlMs);
    args.push(write.cdr ?? '', maxCdrs, cdrsTtlMs);
    const lost = this.lost.get(id)?.filter((earlier) => earlier.expectedVersion === expectedVersion) ?? [];
    args.push(lost.length);
    for (const earlier of lost) args.push(earlier.opId, loggedWith(earlier, write));
    for (const event of write.events) args.push(JSON.stringify(event));
    return args;
  }

  private outcome([status, version, repeated]: [string, number, number]): WriteOutcome {
    const { counters } = this.options.link;
    counters.writes += 1;
    if (status === 'stored') {
      if (repeated === 1) counters.repeatedWrites += 1;
      return { status, version };
    }
    if (status === 'version') {
      counters.versionConflicts += 1;
      return { status, actual: version };
    }
    counters.fencedWrites += 1;
    return { status: 'fenced' };
  }
}

/** How many of a write's events an earlier one would have logged: those that both begin with. */
function loggedWith(earlier: LostWrite, write: CallWrite): number {
  const differs = earlier.eventIds.findIndex((id, index) => write.events[index]?.id !== id);
  return differs < 0 ? earlier.eventIds.length : differs;
}
