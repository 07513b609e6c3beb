import type { Clock, IdSource, Log } from '@legato/kernel';
import { SipResponse } from '@legato/sip';
import type { CallEvent, CallStore, CallWrite, WriteOutcome } from '../ports/call-store';
import type { Call } from '../call/call';
import type { CallOutput } from './call-output';
import type { LiveCall } from './live-call';

/** A live call's record outlives its longest duration by this much. */
const LIVE_TTL_MARGIN_MS = 3_600_000;
/** How soon a write that failed is tried again when nothing else happens in the call. */
const RETRY_MS = 1_000;
const GAVE_UP = {
  state: 'ended',
  endedReason: 'failed',
  sip: { status: 503, reason: 'State store unavailable' },
} as const;
/** How often the record of a refused call is ended again while the store is away. */
const GHOST_ATTEMPTS = 60;
const RETRY = [['Retry-After', '5']] as const;

const OP_ID_BYTES = 8;

/** A write of a live call, whose text is made when the store reads it. */
class LiveCallWrite implements CallWrite {
  readonly id: string;
  readonly expectedVersion: number;
  readonly generation: number;
  readonly events: readonly CallEvent[];
  private readonly call: Call;

  constructor(
    live: LiveCall,
    readonly opId: string,
    readonly ended: boolean,
    readonly ttlMs: number,
  ) {
    this.call = live.call;
    this.id = live.call.snapshot.id;
    this.expectedVersion = live.version;
    this.generation = live.generation;
    this.events = live.unwritten;
  }

  get state(): string {
    return this.call.serialize();
  }
}

export interface CommitOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly store: CallStore;
  readonly retentionMs: number;
  outputOf(live: LiveCall): CallOutput;
  /** The call is over, or no longer ours. */
  forget(live: LiveCall): void;
  /** Runs an empty task in the call's mailbox. */
  nudge(live: LiveCall): void;
}

/**
 * Stores a call, then lets its messages go (invariant I2). Provisional responses do not wait: losing one is harmless.
 */
export class CallCommit {
  /** Writes that the store could not take, for /metrics. */
  failedWrites = 0;

  constructor(private readonly options: CommitOptions) {}

  commit(live: LiveCall): void | Promise<void> {
    if (live.gone) return;
    const output = this.options.outputOf(live);
    const ended = live.call.snapshot.state === 'ended';
    const events = live.call.takeEvents();
    const durable = output.durable || ended || live.mustStore;
    if (!durable) output.flush();
    if (!durable && events.length === 0 && live.unwritten.length === 0) return;
    if (events.length > 0)
      live.unwritten = live.unwritten.length > 0 ? [...live.unwritten, ...events] : events;
    return this.write(live, output, ended);
  }

  private write(live: LiveCall, output: CallOutput, ended: boolean): void | Promise<void> {
    const { call } = live;
    const ttlMs = ended ? this.options.retentionMs : call.snapshot.maxDurationMs + LIVE_TTL_MARGIN_MS;
    const outcome = this.options.store.write(
      new LiveCallWrite(live, this.options.ids.token(OP_ID_BYTES), ended, ttlMs),
    );
    if (!(outcome instanceof Promise)) {
      this.written(live, output, ended, outcome);
      return undefined;
    }
    return outcome.then(
      (answer) => this.written(live, output, ended, answer),
      (error: unknown) => this.unwritable(live, output, ended, error),
    );
  }

  private written(live: LiveCall, output: CallOutput, ended: boolean, outcome: WriteOutcome): void {
    if (outcome.status === 'stored') {
      live.version = outcome.version;
      live.unwritten = [];
      live.mustStore = false;
      live.invite = undefined;
      output.flush();
      if (ended) this.options.forget(live);
      return;
    }
    // Another node has the call, or this one was declared dead: not a byte more leaves from here (invariant I5).
    this.options.log.warn('call is no longer ours', {
      call_id: live.call.snapshot.id,
      outcome: outcome.status,
    });
    output.discard();
    this.options.forget(live);
  }

  /**
   * A creation that was given up may have been carried out all the same: its record is ended, or a later process would
   * take up a call that nobody holds.
   */
  private bury(live: LiveCall, attempts: number): void {
    if (attempts === 0) return;
    const { store, clock, ids, retentionMs } = this.options;
    const again = (): void => {
      const { call } = live;
      const write = {
        id: call.snapshot.id,
        expectedVersion: 0,
        generation: live.generation,
        opId: ids.token(OP_ID_BYTES),
        state: call.serialize(),
        events: [],
        ended: true,
        ttlMs: retentionMs,
      };
      Promise.resolve(store.write(write)).catch(() => this.bury(live, attempts - 1));
    };
    clock.schedule(RETRY_MS, again);
  }

  /** The store is away. What is established is served from memory; what was never stored is refused. */
  private unwritable(live: LiveCall, output: CallOutput, ended: boolean, error: unknown): void {
    this.failedWrites += 1;
    const { snapshot } = live.call;
    this.options.log.error('call could not be stored', { call_id: snapshot.id, error: String(error) });
    if (live.version === 0 && !ended && snapshot.answeredAt === undefined) {
      output.discard();
      Object.assign(snapshot, GAVE_UP);
      live.invite?.respond(
        SipResponse.to(live.invite.request, 503, { reason: 'State store unavailable', headers: RETRY }),
      );
      this.options.forget(live);
      this.bury(live, GHOST_ATTEMPTS);
      return;
    }
    output.flush();
    if (ended) this.options.forget(live);
    else this.options.clock.schedule(RETRY_MS, () => this.options.nudge(live));
  }
}
