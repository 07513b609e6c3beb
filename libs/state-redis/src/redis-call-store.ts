import { randomUUID } from 'node:crypto';
import type { CallRecord, CallStore, CallWrite, WriteOutcome } from '@legato/b2bua';
import { StoreUnavailable } from '@legato/b2bua';
import type { CallWriterOptions } from './call-writer';
import { CallWriter } from './call-writer';
import type { Registration } from './node-lease';
import type { RedisCounters } from './redis-counters';

/** A node as Redis knows it. */
export interface Peer {
  readonly nodeId: string;
  readonly epoch: number;
  /** It holds a lease. */
  readonly alive: boolean;
  /** Its calls can be claimed. */
  readonly fenced: boolean;
  readonly liveCalls: number;
}

export interface RedisCallStoreOptions extends CallWriterOptions {
  /** How long a node must have been without a lease, as two looks at it show, before it can be fenced. */
  readonly suspectMs: number;
}

const CLAIM_BATCH = 100;
/** A callee that rings and answers at once costs one write, not two. */
const GATHER_MS = 20;

type ClaimedRow = [id: string, version: number, generation: number, state: string];
type ListedRow = [
  id: string,
  version: number,
  generation: number,
  owner: string,
  epoch: number,
  state: string,
  ended: number,
];

/** Calls in Redis: one hash each, changed only by functions that check who asks. Every method may reject with StoreUnavailable. */
export class RedisCallStore implements CallStore {
  /** Claims whose answers were lost: what they took over is fetched by the next claim from the same node. */
  private readonly brokenClaims = new Map<string, string>();
  /** One claim at a time: a second one would take the first for a broken one. */
  private lastClaim: Promise<unknown> = Promise.resolve();

  private readonly writer: CallWriter;

  constructor(private readonly options: RedisCallStoreOptions) {
    this.writer = new CallWriter(options);
  }

  readonly gatherMs = GATHER_MS;

  get counters(): Readonly<RedisCounters> {
    return this.options.link.counters;
  }

  /** Milliseconds for which nobody can have declared this node dead. */
  get leaseRemainingMs(): number {
    return this.options.lease.remainingMs;
  }

  async register(nodeId: string): Promise<{ epoch: number }> {
    const { epoch } = await this.options.lease.register(nodeId);
    return { epoch };
  }

  write(write: CallWrite): Promise<WriteOutcome> {
    return this.writer.put('write', write);
  }

  /** Puts this node's copies of its calls back after Redis lost or fenced them; what others own by now is 'fenced'. */
  reassert(writes: readonly CallWrite[]): Promise<WriteOutcome[]> {
    return Promise.all(writes.map((write) => this.writer.put('reassert', write)));
  }

  async load(id: string): Promise<CallRecord | undefined> {
    const { link, keys } = this.options;
    const row = (await link.send('HMGET', (redis) =>
      redis.hmget(keys.call(id), 'v', 'g', 'o', 'f', 's', 'x'),
    )) as (string | null)[];
    const [version, generation, owner, epoch, state, ended] = row;
    if (typeof owner !== 'string' || typeof state !== 'string') return undefined;
    return {
      id,
      version: Number(version),
      generation: Number(generation),
      owner,
      epoch: Number(epoch),
      state,
      ended: ended === '1',
    };
  }

  /** When it rejects, some calls may have come over already: the next claim from the same node gives them out. */
  claim(fromNode: string): Promise<CallRecord[]> {
    const claim = () => this.claimNow(fromNode);
    const claimed = this.lastClaim.then(claim, claim);
    this.lastClaim = claimed;
    return claimed;
  }

  private async claimNow(fromNode: string): Promise<CallRecord[]> {
    const self = this.self();
    const claimId = this.brokenClaims.get(fromNode) ?? randomUUID();
    const recovered = this.brokenClaims.has(fromNode) ? await this.claimed(self, claimId) : [];
    this.brokenClaims.set(fromNode, claimId);
    const taken = await this.takeOver(self, fromNode, claimId).catch(async (error: unknown) => {
      // The answer to a batch may be lost with the connection: once more, with what was taken so far.
      if (!(error instanceof StoreUnavailable)) throw error;
      const before = await this.claimed(self, claimId);
      return [...before, ...(await this.takeOver(self, fromNode, claimId))];
    });
    this.brokenClaims.delete(fromNode);
    return distinct([...recovered, ...taken]);
  }

  private takeOver(self: Registration, fromNode: string, claimId: string): Promise<CallRecord[]> {
    const { link, keys } = this.options;
    const { nodeId, epoch } = self;
    const claimKeys = [
      keys.node(nodeId),
      keys.own(nodeId),
      keys.own(fromNode),
      keys.node(fromNode),
      keys.nodes,
    ];
    const args = [nodeId, epoch, fromNode, claimId, CLAIM_BATCH];
    return this.batches(self, (cursor) =>
      link.callOnce('claim', claimKeys, [...args, cursor, keys.callPrefix]),
    );
  }

  /** What a broken claim has taken over. */
  private claimed(self: Registration, claimId: string): Promise<CallRecord[]> {
    const { link, keys } = this.options;
    const args = [self.nodeId, self.epoch, claimId, CLAIM_BATCH];
    return this.batches(self, (cursor) =>
      link.call('claimed', [keys.own(self.nodeId)], [...args, cursor, keys.callPrefix]),
    );
  }

  private async batches(
    self: Registration,
    next: (cursor: string) => Promise<unknown>,
  ): Promise<CallRecord[]> {
    const { nodeId: owner, epoch } = self;
    const records: CallRecord[] = [];
    for (let cursor: string | undefined = '0'; cursor !== undefined;) {
      const [following, ...rows] = (await next(cursor)) as [string, ...ClaimedRow[]];
      for (const [id, version, generation, state] of rows) {
        records.push({ id, version, generation, owner, epoch, state, ended: false });
      }
      cursor = following === '0' || following === 'fenced' ? undefined : following;
    }
    return records;
  }

  async list(options: { after?: string; limit: number }): Promise<{ records: CallRecord[]; next?: string }> {
    const { link, keys } = this.options;
    const limit = Math.max(1, Math.floor(options.limit));
    const answer = await link.call('list', [keys.ids], [options.after ?? '', limit, keys.callPrefix]);
    const [more, ...rows] = answer as [number, ...ListedRow[]];
    const records = rows.map(([id, version, generation, owner, epoch, state, ended]) => ({
      id,
      version,
      generation,
      owner,
      epoch,
      state,
      ended: ended === 1,
    }));
    const last = records.at(-1);
    return more === 1 && last ? { records, next: last.id } : { records };
  }

  /**
   * Declares another node dead, so that its calls can be claimed. Unforced it succeeds only for a node whose lease
   * has been gone for `suspectMs`, seen by two looks: after a pause of Redis the living renew theirs in between.
   */
  async fence(nodeId: string, options: { force: boolean } = { force: false }): Promise<boolean> {
    const { link, keys, suspectMs, nodeTtlMs } = this.options;
    const args = [options.force ? 1 : 0, suspectMs, nodeTtlMs];
    return (await link.call('fence', [keys.node(nodeId), keys.lease(nodeId)], args)) === 'fenced';
  }

  /** The nodes that Redis has heard of, this one included. */
  async peers(): Promise<Peer[]> {
    const { link, keys } = this.options;
    const answer = await link.call(
      'peers',
      [keys.nodes],
      [keys.nodePrefix, keys.leasePrefix, keys.ownPrefix],
    );
    const flat = answer as (string | number)[];
    return Array.from({ length: flat.length / 5 }, (_, i) => {
      const [nodeId, epoch, alive, fenced, liveCalls] = flat.slice(i * 5, i * 5 + 5);
      return {
        nodeId: String(nodeId),
        epoch: Number(epoch),
        alive: alive === 1,
        fenced: fenced === 1,
        liveCalls: Number(liveCalls),
      };
    });
  }

  async ping(): Promise<boolean> {
    try {
      return (await this.options.link.send('PING', (redis) => redis.ping())) === 'PONG';
    } catch {
      return false;
    }
  }

  /** Gives up the node's calls to whoever claims them, then the connection. */
  async close(): Promise<void> {
    await this.options.lease.leave();
    await this.options.link.close();
  }

  private self(): Registration {
    const registration = this.options.lease.current;
    if (!registration) throw new StoreUnavailable('the node is not registered');
    return registration;
  }
}

/** A scan may meet a call twice. */
const distinct = (records: readonly CallRecord[]): CallRecord[] => [
  ...new Map(records.map((record) => [record.id, record])).values(),
];
