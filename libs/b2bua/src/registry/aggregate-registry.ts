import type { Clock, IdSource, Log, Timer } from '@legato/kernel';
import { crashPoint, currentCommand } from '@legato/kernel';
import type { InviteUsage, UsageEvent } from '@legato/sip';
import type { CallRecord, CallStore } from '../ports/call-store';
import type { Aggregate } from './aggregate';
import { AggregateCommit } from './aggregate-commit';
import type { Answering } from './command-answers';
import { answerOf, isRefusal, keepAnswer } from './command-answers';
import { HeldOutput } from './held-output';
import { LiveAggregate } from './live-aggregate';
import type { Signalling } from './signalling';

export interface AggregateRegistryOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly store: CallStore;
  readonly signalling: Signalling;
  readonly retentionMs: number;
}

/** What the registries of one kind know of it. */
export interface AggregateKind<A extends Aggregate> {
  /** What its ids begin with. */
  readonly prefix: string;
  /** From its stored text. */
  restore(state: string): A;
  /** The stored deadlines of its timers, as wall times. */
  timersOf(aggregate: A): Readonly<Record<string, number>>;
  /** It was taken over from an earlier process. */
  resume(aggregate: A): void;
  fireTimer(aggregate: A, name: string): void;
  /** Nothing is held any more of what had these dialogs. */
  forgotten?(usageIds: readonly string[]): void;
}

interface Live<A extends Aggregate> {
  readonly live: LiveAggregate<A>;
  readonly output: HeldOutput;
  readonly timers: Map<string, Timer>;
}

/**
 * The live calls, or conferences, of this node: finds the one that an input is for and puts the input into its mailbox.
 */
export class AggregateRegistry<A extends Aggregate> {
  private readonly entries = new Map<string, Live<A>>();
  private readonly commits: AggregateCommit<A>;

  constructor(
    private readonly base: AggregateRegistryOptions,
    private readonly kind: AggregateKind<A>,
  ) {
    const { clock, ids, log, store, retentionMs } = base;
    this.commits = new AggregateCommit({
      clock,
      ids,
      log,
      store,
      retentionMs,
      outputOf: (live) => this.output(live.aggregate.id),
      forget: (live) => this.forget(live),
      nudge: (live) => this.post(live.aggregate.id, () => undefined),
    });
  }

  get size(): number {
    return this.entries.size;
  }

  get failedWrites(): number {
    return this.commits.failedWrites;
  }

  find(id: string): A | undefined {
    return this.entries.get(id)?.live.aggregate;
  }

  *all(): IterableIterator<A> {
    for (const { live } of this.entries.values()) yield live.aggregate;
  }

  /** Runs `task` in the mailbox of `id`; false when this node does not have it. */
  post(id: string, task: (aggregate: A) => void): boolean {
    const entry = this.entries.get(id);
    if (!entry) return false;
    const { live } = entry;
    live.mailbox.post(() => {
      if (live.gone) return undefined;
      task(live.aggregate);
      return this.commits.commit(live);
    });
    return true;
  }

  /**
   * The same, and answers when what the task did is stored. The answer is stored with it when it is one to a command that
   * may come again: then it is the answer again, and the task is not run.
   */
  ask<T>(id: string, task: (aggregate: A) => T): Promise<T | undefined> | undefined {
    const entry = this.entries.get(id);
    const step = currentCommand()?.step(id);
    if (!entry) return step === undefined ? undefined : this.answerOfStored<T>(id, step);
    const { live } = entry;
    return new Promise<T>((resolve, reject) => {
      live.mailbox.post(() => {
        let answer: T;
        try {
          const known = step === undefined ? undefined : answerOf(live.aggregate.snapshot, step);
          answer = known ? (known.answer as T) : task(live.aggregate);
          if (step !== undefined && !known) this.keepAnswer(live, step, answer);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          throw error;
        }
        const stored = this.commits.commit(live);
        if (stored) return stored.then(() => resolve(answer));
        resolve(answer);
        return undefined;
      });
    });
  }

  private keepAnswer(live: LiveAggregate<A>, step: string, answer: unknown): void {
    if (isRefusal(answer)) return;
    keepAnswer(live.aggregate.snapshot, step, this.base.clock.wallTime(), answer);
    live.answersCommand = true;
    live.mustStore = true;
    crashPoint('command unstored');
  }

  /** What was done before the call or conference ended, or by the node that has it. */
  private async answerOfStored<T>(id: string, step: string): Promise<T | undefined> {
    const record = await this.base.store.load(id);
    const snapshot = record && (JSON.parse(record.state) as Answering);
    return (snapshot && answerOf(snapshot, step)?.answer) as T | undefined;
  }

  /** From below: something arrived for a dialog. The usage makes events of it inside the mailbox. */
  deliver(usageId: string, feed: (usage: InviteUsage) => UsageEvent[]): boolean {
    return this.post(usageId.slice(0, usageId.lastIndexOf('/')), (aggregate) => {
      const usage = aggregate.usageById(usageId);
      if (usage) aggregate.receive(usageId, feed(usage));
    });
  }

  owns(id: string): boolean {
    return id.startsWith(this.kind.prefix);
  }

  /** Goes on with what an earlier process left. */
  takeUp(record: CallRecord): void {
    const live = this.admit(record.id, () => this.kind.restore(record.state));
    live.version = record.version;
    live.generation = record.generation;
    const now = this.base.clock.wallTime();
    for (const [name, deadline] of Object.entries(this.kind.timersOf(live.aggregate))) {
      this.startTimer(record.id, name, Math.max(0, deadline - now));
    }
    for (const usage of live.aggregate.openUsageList()) this.base.signalling.restore(usage);
    this.post(record.id, (aggregate) => this.kind.resume(aggregate));
  }

  /** Tells the peers of its dialogs that this node has it now. */
  announce(id: string): void {
    this.post(id, (aggregate) => {
      for (const usage of aggregate.openUsageList()) usage.announce();
    });
  }

  /** Writes everything again: the store may have lost some (failover, flush). */
  storeAll(): void {
    for (const { live } of this.entries.values()) {
      live.mustStore = true;
      this.post(live.aggregate.id, () => undefined);
    }
  }

  /** Lets go of everything without a word: it belongs to another node now (invariant I5). */
  dropAll(): void {
    for (const { live } of [...this.entries.values()]) this.forget(live);
  }

  /** Runs `task` in every mailbox. */
  postAll(task: (aggregate: A) => void): void {
    for (const id of [...this.entries.keys()]) this.post(id, task);
  }

  /** Takes in what `make` makes; it may ask for its output while it is made. */
  protected admit(id: string, make: () => A): LiveAggregate<A> {
    const entry = { output: new HeldOutput(this.base.signalling.output), timers: new Map<string, Timer>() };
    this.entries.set(id, entry as unknown as Live<A>);
    const live = new LiveAggregate(make(), (error) => this.fail(id, error));
    Object.assign(entry, { live });
    return live;
  }

  protected output(id: string): HeldOutput {
    const entry = this.entries.get(id);
    if (!entry) throw new Error(`no ${id} on this node`);
    return entry.output;
  }

  protected startTimer(id: string, name: string, delayMs: number): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.timers.get(name)?.cancel();
    const timer = this.base.clock.schedule(delayMs, () => {
      entry.timers.delete(name);
      this.post(id, (aggregate) => this.kind.fireTimer(aggregate, name));
    });
    entry.timers.set(name, timer);
  }

  protected stopTimer(id: string, name: string): void {
    const entry = this.entries.get(id);
    entry?.timers.get(name)?.cancel();
    entry?.timers.delete(name);
  }

  /** A programming error ends its call or conference, never the process. */
  private fail(id: string, error: unknown): void {
    const entry = this.entries.get(id);
    this.base.log.error('failed', {
      ...entry?.live.aggregate.logFields,
      error: error instanceof Error ? (error.stack ?? error.message) : error,
    });
    if (!entry || entry.live.gone) return;
    if (entry.live.aggregate.isEnding) this.forget(entry.live);
    else this.post(id, (aggregate) => aggregate.fail());
  }

  private forget(live: LiveAggregate<A>): void {
    const { id } = live.aggregate;
    const entry = this.entries.get(id);
    if (!entry) return;
    live.gone = true;
    for (const timer of entry.timers.values()) timer.cancel();
    this.entries.delete(id);
    const usageIds = live.aggregate.usageIds();
    this.kind.forgotten?.(usageIds);
    this.base.signalling.forget(usageIds);
  }
}
