import type { Clock } from '@legato/kernel';
import { inOnePiece } from '@legato/kernel';
import type { CallRecord, CallWrite, WriteOutcome } from './call-store';
import { StoreUnavailable } from './call-store';

/** One incarnation of a node. */
export interface Incarnation {
  readonly nodeId: string;
  readonly epoch: number;
}

interface NodeRow {
  /** The newest incarnation. */
  epoch: number;
  /** Incarnations up to this one have lost everything they owned. */
  fencedUpTo: number;
}

interface CallRow extends Omit<CallRecord, 'state'> {
  /** Asked for the state when somebody reads it: most writes of a node that runs alone are never read. */
  readonly source: Pick<CallWrite, 'state'>;
  readonly opId: string;
  readonly expiresAt: number;
}

export interface MemoryCallTableOptions {
  readonly clock: Clock;
  /** Calls kept at most (default 100,000): ended ones make room, live ones never do. */
  readonly maxRecords?: number;
}

/** The width of an expiry bucket. */
const BUCKET_MS = 1000;

const fenced: WriteOutcome = { status: 'fenced' };

/**
 * The calls that nodes in one process share, and the rules of who may write which: those of the store in Redis,
 * in a form that can be read and model-checked. Time is the monotonic clock's; there is no timer, each access
 * drops what has expired.
 */
export class MemoryCallTable {
  private readonly nodes = new Map<string, NodeRow>();
  private readonly rows = new Map<string, CallRow>();
  /** Ids by the second they may expire in; a row that was renewed since moves on when its bucket falls due. */
  private readonly buckets = new Map<number, string[]>();
  private sweptTo: number;
  private lastEpoch = 0;
  private readonly clock: Clock;
  private readonly maxRecords: number;

  constructor(options: MemoryCallTableOptions) {
    this.clock = options.clock;
    this.maxRecords = options.maxRecords ?? 100_000;
    this.sweptTo = this.bucketOf(this.clock.now());
  }

  /** Calls that are kept now. */
  get size(): number {
    this.sweep();
    return this.rows.size;
  }

  register(nodeId: string): number {
    this.lastEpoch += 1;
    const fencedUpTo = this.nodes.get(nodeId)?.fencedUpTo ?? 0;
    this.nodes.set(nodeId, { epoch: this.lastEpoch, fencedUpTo });
    return this.lastEpoch;
  }

  /** From now on no incarnation of the node that is registered so far can write. */
  fence(nodeId: string): void {
    const epoch = this.nodes.get(nodeId)?.epoch ?? this.lastEpoch;
    this.nodes.set(nodeId, { epoch, fencedUpTo: epoch });
  }

  /** The incarnation stops by its own will: what it still owns can be claimed at once. */
  leave(incarnation: Incarnation): void {
    const node = this.nodes.get(incarnation.nodeId);
    if (node?.epoch === incarnation.epoch) node.fencedUpTo = incarnation.epoch;
  }

  /** Forgets all, as a flushed store does; epochs still grow, as they do there. */
  clear(): void {
    this.nodes.clear();
    this.rows.clear();
    this.buckets.clear();
  }

  write(writer: Incarnation, write: CallWrite): { outcome: WriteOutcome; repeated: boolean } {
    return this.put(writer, write, (row) => row.epoch === writer.epoch);
  }

  /** As `write`, for calls that an earlier incarnation of the writer owns and nobody has taken over. */
  reassert(writer: Incarnation, write: CallWrite): { outcome: WriteOutcome; repeated: boolean } {
    return this.put(writer, write, () => true);
  }

  private put(writer: Incarnation, write: CallWrite, mayTouch: (row: CallRow) => boolean) {
    this.sweep();
    if (!this.admit(writer)) return { outcome: fenced, repeated: false };
    const row = this.rows.get(write.id);
    const answer = row && judge(row, writer, write, mayTouch);
    if (answer?.status === 'stored') {
      // Done before, perhaps by an earlier incarnation of the writer: from here on it is this one's.
      this.rows.set(row!.id, { ...row!, epoch: writer.epoch });
      return { outcome: answer, repeated: true };
    }
    if (answer) return { outcome: answer, repeated: false };
    if (!row) this.makeRoom();
    return { outcome: this.store(writer, write, row), repeated: false };
  }

  private store(writer: Incarnation, write: CallWrite, previous: CallRow | undefined): WriteOutcome {
    const { id, generation, opId, ended } = write;
    // An ended call no longer changes, and must not be kept alive by its record.
    const source = ended ? { state: inOnePiece(write.state) } : write;
    const version = write.expectedVersion + 1;
    const expiresAt = this.clock.now() + write.ttlMs;
    this.rows.set(id, {
      id,
      version,
      generation,
      owner: writer.nodeId,
      epoch: writer.epoch,
      opId,
      source,
      ended,
      expiresAt,
    });
    // A shorter life than before needs its own bucket, a longer one is seen when the old bucket falls due.
    if (!previous || expiresAt < previous.expiresAt) this.watch(id, expiresAt);
    return { status: 'stored', version };
  }

  load(id: string): CallRecord | undefined {
    this.sweep();
    const row = this.rows.get(id);
    return row && toRecord(row);
  }

  claim(claimer: Incarnation, fromNode: string): CallRecord[] {
    this.sweep();
    const claimed: CallRecord[] = [];
    if (!this.mayAct(claimer)) return claimed;
    for (const row of this.rows.values()) {
      if (row.owner !== fromNode || row.ended || !this.isFenced(row)) continue;
      const taken = { ...row, owner: claimer.nodeId, epoch: claimer.epoch, generation: row.generation + 1 };
      this.rows.set(row.id, taken);
      claimed.push(toRecord(taken));
    }
    return claimed;
  }

  list(after: string | undefined, limit: number): { records: CallRecord[]; next?: string } {
    this.sweep();
    const ids = this.newest(after, limit + 1);
    const records = ids.slice(0, limit).map((id) => toRecord(this.rows.get(id)!));
    const last = records.at(-1);
    return last && ids.length > limit ? { records, next: last.id } : { records };
  }

  /** The `count` greatest ids before `after`, in one pass: sorting all of them would hold up the calls. */
  private newest(after: string | undefined, count: number): string[] {
    let found: string[] = [];
    const cut = () => found.sort((a, b) => (a < b ? 1 : -1)).slice(0, count);
    for (const id of this.rows.keys()) {
      if (after === undefined || id < after) found.push(id);
      if (found.length >= count * 8) found = cut();
    }
    return cut();
  }

  private mayAct({ nodeId, epoch }: Incarnation): boolean {
    const node = this.nodes.get(nodeId);
    return !node || (epoch > node.fencedUpTo && epoch >= node.epoch);
  }

  /** A node that the table does not know, or knows an older incarnation of, is one that it lost: it is taken in again. */
  private admit(incarnation: Incarnation): boolean {
    if (!this.mayAct(incarnation)) return false;
    const { nodeId, epoch } = incarnation;
    const fencedUpTo = this.nodes.get(nodeId)?.fencedUpTo ?? 0;
    this.nodes.set(nodeId, { epoch, fencedUpTo });
    return true;
  }

  private isFenced(row: CallRow): boolean {
    const node = this.nodes.get(row.owner);
    return node !== undefined && (row.epoch <= node.fencedUpTo || row.epoch < node.epoch);
  }

  private makeRoom(): void {
    if (this.rows.size < this.maxRecords) return;
    for (const row of this.rows.values()) {
      if (!row.ended) continue;
      this.rows.delete(row.id);
      return;
    }
    throw new StoreUnavailable(`the store is full: ${this.maxRecords} live calls`);
  }

  private bucketOf(timeMs: number): number {
    return Math.floor(timeMs / BUCKET_MS);
  }

  private watch(id: string, expiresAt: number): void {
    const bucket = Math.max(this.bucketOf(expiresAt), this.sweptTo);
    const ids = this.buckets.get(bucket);
    if (ids) ids.push(id);
    else this.buckets.set(bucket, [id]);
  }

  private sweep(): void {
    const now = this.clock.now();
    const current = this.bucketOf(now);
    if (current === this.sweptTo && !this.buckets.has(current)) return;
    // After a long pause the gap may hold more seconds than there are buckets.
    const due =
      current - this.sweptTo > this.buckets.size
        ? [...this.buckets.keys()].filter((bucket) => bucket <= current)
        : Array.from({ length: current - this.sweptTo + 1 }, (_, i) => this.sweptTo + i);
    this.sweptTo = current;
    for (const bucket of due) this.sweepBucket(bucket, now);
  }

  private sweepBucket(bucket: number, now: number): void {
    const ids = this.buckets.get(bucket);
    if (!ids) return;
    this.buckets.delete(bucket);
    for (const id of ids) {
      const row = this.rows.get(id);
      if (!row) continue;
      if (row.expiresAt <= now) this.rows.delete(id);
      else this.watch(id, row.expiresAt);
    }
  }
}

/** Why a write to an existing row is not carried out; undefined when it is. A lost answer is given again. */
function judge(
  row: CallRow,
  writer: Incarnation,
  write: CallWrite,
  mayTouch: (row: CallRow) => boolean,
): WriteOutcome | undefined {
  if (write.generation > row.generation) return undefined;
  const mine = row.owner === writer.nodeId && mayTouch(row);
  if (write.generation < row.generation || !mine) return fenced;
  // A row that is behind its only writer is one that a regressed store brought back.
  if (row.version <= write.expectedVersion) return undefined;
  if (row.opId === write.opId) return { status: 'stored', version: row.version };
  return { status: 'version', actual: row.version };
}

function toRecord(row: CallRow): CallRecord {
  const { id, version, generation, owner, epoch, source, ended } = row;
  return { id, version, generation, owner, epoch, state: source.state, ended };
}
