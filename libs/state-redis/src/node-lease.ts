import type { Clock, Log, Timer } from '@legato/kernel';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';

/**
 * What the node has to hear about what it owns.
 * `regressed`: Redis may have lost writes (flushed, restarted, another master): write or reassert every call again.
 * `fenced`: others may take the calls; drop them all without a word, register again and claim from the own id.
 * `superseded`: a newer process has this node's id; drop everything and stop.
 */
export type OwnershipChange = 'regressed' | 'fenced' | 'superseded';

/** One registered incarnation of this node. */
export interface Registration {
  readonly nodeId: string;
  readonly epoch: number;
}

export interface NodeLeaseOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly clock: Clock;
  readonly log: Log;
  /** A node that has not been heard of for so long is dead. */
  readonly leaseMs: number;
  /** How long Redis remembers a node that is gone, and with it which of its epochs are fenced. */
  readonly nodeTtlMs: number;
  readonly eventsTtlMs: number;
  readonly onChange: (change: OwnershipChange) => void;
}

/** Keeps the node's lease: four heartbeats in its length, and one as soon as Redis is back. */
export class NodeLease {
  private registration: Registration | undefined;
  private lost = false;
  /** Monotonic time until which no other node can have declared this one dead. */
  private validUntil = -Infinity;
  private birth = 0;
  private runId: string | undefined;
  private longestTtlMs = 0;
  private timer: Timer | undefined;
  private readonly stopListening: () => void;

  constructor(private readonly options: NodeLeaseOptions) {
    this.stopListening = options.link.onReady(() => {
      this.beat();
      void this.compareRun();
    });
  }

  get current(): Registration | undefined {
    return this.registration;
  }

  /** Fenced or superseded, and not registered again since. */
  get isLost(): boolean {
    return this.lost;
  }

  /** Milliseconds for which nobody can take this node's calls: it starts nothing by itself once they are over. */
  get remainingMs(): number {
    return Math.max(0, this.validUntil - this.options.clock.now());
  }

  /** Indexes must live as long as the calls in them. */
  noteTtl(ttlMs: number): void {
    if (ttlMs > this.longestTtlMs) this.longestTtlMs = ttlMs;
  }

  /** Rejects with StoreUnavailable. */
  async register(nodeId: string): Promise<Registration> {
    const { link, keys, clock, leaseMs, nodeTtlMs } = this.options;
    const sentAt = clock.now();
    const nodeKeys = [keys.node(nodeId), keys.lease(nodeId), keys.nodes];
    const epoch = Number(await link.call('register', nodeKeys, [nodeId, leaseMs, nodeTtlMs]));
    this.registration = { nodeId, epoch };
    this.lost = false;
    this.birth = epoch;
    this.validUntil = sentAt + leaseMs;
    this.runId ??= await this.readRunId();
    this.schedule();
    return this.registration;
  }

  /** Gives up what the node owns, so that others need not wait for its lease to end. */
  async leave(): Promise<void> {
    const { link, keys, nodeTtlMs } = this.options;
    const registration = this.registration;
    this.stop();
    if (!registration || !link.isOpen) return;
    const { nodeId, epoch } = registration;
    await link
      .call('leave', [keys.node(nodeId), keys.lease(nodeId)], [epoch, nodeTtlMs])
      // The lease ends by itself.
      .catch(() => undefined);
  }

  private stop(): void {
    this.stopListening();
    this.timer?.cancel();
    this.registration = undefined;
    this.validUntil = -Infinity;
  }

  private schedule(): void {
    this.timer?.cancel();
    this.timer = this.options.clock.schedule(this.options.leaseMs / 4, () => {
      this.schedule();
      this.beat();
    });
  }

  private beat(): void {
    const registration = this.registration;
    // While the connection is down the next one begins with a heartbeat.
    if (!registration || !this.options.link.isOpen) return;
    const sentAt = this.options.clock.now();
    this.sendBeat(registration).then(
      (answer) => {
        if (this.registration === registration) this.answered(registration, answer, sentAt);
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : 'unknown';
        this.options.log.warn('a heartbeat was not answered', { node: registration.nodeId, reason });
      },
    );
  }

  private sendBeat({ nodeId, epoch }: Registration): Promise<[string, number]> {
    const { link, keys, leaseMs, nodeTtlMs, eventsTtlMs } = this.options;
    const sent = link.call(
      'heartbeat',
      [
        keys.node(nodeId),
        keys.lease(nodeId),
        keys.nodes,
        keys.own(nodeId),
        keys.ids,
        keys.expiry,
        keys.events,
      ],
      [nodeId, epoch, leaseMs, nodeTtlMs, this.longestTtlMs + leaseMs, keys.callPrefix, eventsTtlMs],
    );
    return sent as Promise<[string, number]>;
  }

  private answered({ nodeId }: Registration, [standing, birth]: [string, number], sentAt: number): void {
    if (standing === 'fenced' || standing === 'superseded') {
      this.timer?.cancel();
      this.registration = undefined;
      this.lost = true;
      this.validUntil = -Infinity;
      this.tell(standing, nodeId);
      return;
    }
    this.validUntil = Math.max(this.validUntil, sentAt + this.options.leaseMs);
    if (birth === this.birth) return;
    this.birth = birth;
    this.tell('regressed', nodeId);
  }

  /** Another process answers than before: a restart may have lost the last second, a new master more. */
  private async compareRun(): Promise<void> {
    const before = this.runId;
    if (before === undefined) return;
    this.runId = (await this.readRunId()) ?? before;
    if (this.runId !== before && this.registration) this.tell('regressed', this.registration.nodeId);
  }

  private async readRunId(): Promise<string | undefined> {
    const info = await this.options.link.send('INFO', (redis) => redis.info('server')).catch(() => '');
    return /^run_id:(\w+)/m.exec(String(info))?.[1];
  }

  private tell(change: OwnershipChange, node: string): void {
    this.options.log.warn('ownership of the calls is in doubt', { node, change });
    try {
      this.options.onChange(change);
    } catch (error) {
      this.options.log.error('the listener for ownership failed', { change, error });
    }
  }
}
