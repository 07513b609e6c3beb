import type { Clock, MachineTable } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import type { Flow } from '../message/flow';
import type { Expiring } from './expiry-queue';
import type { TimerValues } from './timer-values';

/** What every transaction needs of the layer around it. */
export interface TransactionEnvironment {
  readonly clock: Clock;
  readonly timers: TimerValues;
  /** Calls `item.expire()` after `delayMs`; can not be cancelled. */
  expireAfter(delayMs: number, item: Expiring): void;
  /** An event for which the machine has no arrow. */
  countIgnored(event: string): void;
  /** The bytes of a response, back along the path of its request. */
  sendAlong(flow: Flow, bytes: Buffer, onError: (error: Error) => void): void;
}

/** Runs a machine's table: next state, then the arrow's actions in order. */
export abstract class MachineTransaction<
  S extends string,
  E extends string,
  A extends string,
  Input,
> implements Expiring {
  protected constructor(
    protected readonly environment: TransactionEnvironment,
    private current: S,
  ) {}

  get state(): S {
    return this.current;
  }

  protected abstract get table(): MachineTable<S, E, A>;
  protected abstract perform(action: A, input: Input | undefined): void;
  /** The machine has reached Terminated: the layer forgets it, timers stop. */
  protected abstract terminate(): void;
  abstract expire(): void;

  /** False when the figure has no such arrow: the event is ignored and counted. */
  protected take(event: E, input?: Input): boolean {
    const arrow = arrowFor(this.table, this.current, event);
    if (!arrow) {
      this.environment.countIgnored(event);
      return false;
    }
    this.current = arrow.to;
    if (arrow.to === 'Terminated') this.terminate();
    for (const action of arrow.do) this.perform(action, input);
    return true;
  }
}
