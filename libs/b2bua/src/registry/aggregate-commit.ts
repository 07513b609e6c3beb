import type { Clock, IdSource, Log } from '@legato/kernel';
import { crashPoint } from '@legato/kernel';
import { SipResponse } from '@legato/sip';
import type { CallEvent, CallStore, CallWrite, WriteOutcome } from '../ports/call-store';
import type { Aggregate } from './aggregate';
import type { HeldOutput } from './held-output';
import type { LiveAggregate } from './live-aggregate';

/** How soon a write that failed is tried again when nothing else happens. */
const RETRY_MS = 1_000;
/** How often the record of what was refused is ended again while the store is away. */
const GHOST_ATTEMPTS = 60;
/** How often the end of what was established is written again: the store may be away for ten minutes. */
const END_ATTEMPTS = 600;
const RETRY = [['Retry-After', '5']] as const;
const OP_ID_BYTES = 8;

/** A write of what is live, whose text is made when the store reads it. */
class AggregateWrite implements CallWrite {
  readonly id: string;
  readonly expectedVersion: number;
  readonly generation: number;
  readonly events: readonly CallEvent[];
  private readonly aggregate: Aggregate;

  constructor(
    live: LiveAggregate<Aggregate>,
    readonly opId: string,
    readonly ended: boolean,
    readonly ttlMs: number,
  ) {
    this.aggregate = live.aggregate;
    this.id = live.aggregate.id;
    this.expectedVersion = live.version;
    this.generation = live.generation;
    this.events = live.unwritten;
  }

  get state(): string {
    return this.aggregate.serialize();
  }

  get cdr(): string | undefined {
    return this.ended ? this.aggregate.detailRecord?.() : undefined;
  }
}

export interface CommitOptions<A extends Aggregate> {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly store: CallStore;
  readonly retentionMs: number;
  outputOf(live: LiveAggregate<A>): HeldOutput;
  /** It is over, or no longer ours. */
  forget(live: LiveAggregate<A>): void;
  /** Runs an empty task in its mailbox. */
  nudge(live: LiveAggregate<A>): void;
}

/**
 * Stores a call or conference, then lets its messages go (invariant I2). Provisional responses do not wait: losing one is
 * harmless.
 */
export class AggregateCommit<A extends Aggregate> {
  /** Writes that the store could not take, for /metrics. */
  failedWrites = 0;

  constructor(private readonly options: CommitOptions<A>) {}

  commit(live: LiveAggregate<A>): void | Promise<void> {
    if (live.gone) return;
    const output = this.options.outputOf(live);
    const ended = live.aggregate.isEnded;
    const events = live.aggregate.takeEvents();
    const durable = output.durable || ended || live.mustStore;
    if (!durable) output.flush();
    if (!durable && events.length === 0 && live.unwritten.length === 0) return;
    if (events.length > 0)
      live.unwritten = live.unwritten.length > 0 ? [...live.unwritten, ...events] : events;
    if (!durable && this.gathers(live, events)) return;
    return this.write(live, output, ended);
  }

  /** Nothing waits for these events: where a write is a trip they wait a moment for what happens next, and go with that. */
  private gathers(live: LiveAggregate<A>, events: readonly CallEvent[]): boolean {
    const { clock, store } = this.options;
    if (store.gatherMs === undefined || events.length === 0 || live.version === 0) return false;
    if (live.unwritten.length === events.length)
      clock.schedule(store.gatherMs, () => this.options.nudge(live));
    return true;
  }

  private write(live: LiveAggregate<A>, output: HeldOutput, ended: boolean): void | Promise<void> {
    const { aggregate } = live;
    const ttlMs = ended ? this.options.retentionMs : aggregate.liveTtlMs;
    const write = new AggregateWrite(live, this.options.ids.token(OP_ID_BYTES), ended, ttlMs);
    const outcome = this.options.store.write(write);
    if (!(outcome instanceof Promise)) {
      this.written(live, output, ended, outcome);
      return undefined;
    }
    return outcome.then(
      (answer) => this.written(live, output, ended, answer),
      (error: unknown) => this.unwritable(live, output, ended, error),
    );
  }

  private written(live: LiveAggregate<A>, output: HeldOutput, ended: boolean, outcome: WriteOutcome): void {
    if (outcome.status === 'stored') {
      live.version = outcome.version;
      live.unwritten = [];
      live.mustStore = false;
      live.invite = undefined;
      if (live.answersCommand) crashPoint('command stored');
      output.flush();
      if (live.answersCommand) crashPoint('command sent');
      live.answersCommand = false;
      if (ended) this.options.forget(live);
      return;
    }
    // Another node has it, or this one was declared dead: not a byte more leaves from here (invariant I5).
    const { logFields } = live.aggregate;
    this.options.log.warn('no longer ours', { ...logFields, outcome: outcome.status });
    output.discard();
    this.options.forget(live);
  }

  /**
   * A creation that was given up may have been carried out all the same: its record is ended, or a later process would
   * take up what nobody holds.
   */
  private bury(live: LiveAggregate<A>, attempts: number): void {
    if (attempts === 0) return;
    const { store, clock, ids, retentionMs } = this.options;
    const again = (): void => {
      const { aggregate } = live;
      const write = {
        id: aggregate.id,
        expectedVersion: 0,
        generation: live.generation,
        opId: ids.token(OP_ID_BYTES),
        state: aggregate.serialize(),
        events: [],
        ended: true,
        ttlMs: retentionMs,
      };
      Promise.resolve(store.write(write)).catch(() => this.bury(live, attempts - 1));
    };
    clock.schedule(RETRY_MS, again);
  }

  /** It has ended, and the store must come to know: its last events and its detail record are owed. */
  private finish(live: LiveAggregate<A>, attempts: number): void {
    if (attempts === 0) return;
    const { store, clock, ids, retentionMs } = this.options;
    clock.schedule(RETRY_MS, () => {
      const write = new AggregateWrite(live, ids.token(OP_ID_BYTES), true, retentionMs);
      Promise.resolve(store.write(write)).catch(() => this.finish(live, attempts - 1));
    });
  }

  /** The store is away. What is established is served from memory; what was never stored is refused. */
  private unwritable(live: LiveAggregate<A>, output: HeldOutput, ended: boolean, error: unknown): void {
    this.failedWrites += 1;
    const { aggregate } = live;
    this.options.log.error('not stored', { ...aggregate.logFields, error: String(error) });
    if (live.version === 0 && !ended && !aggregate.isEstablished) {
      output.discard();
      aggregate.giveUp();
      live.invite?.respond(
        SipResponse.to(live.invite.request, 503, { reason: 'State store unavailable', headers: RETRY }),
      );
      this.options.forget(live);
      this.bury(live, GHOST_ATTEMPTS);
      return;
    }
    output.flush();
    if (ended) {
      this.options.forget(live);
      this.finish(live, END_ATTEMPTS);
    } else this.options.clock.schedule(RETRY_MS, () => this.options.nudge(live));
  }
}
