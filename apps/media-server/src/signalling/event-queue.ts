import type { Clock, Log, Timer } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import type { SdpBody } from '@legato/sip';
import type { EventQueueDeed, EventQueueState, EventQueueTrigger } from './event-queue.machine';
import { eventQueueMachine } from './event-queue.machine';

/** How long an event is offered to a controller that does not answer: longer than any take-over. */
export const EVENT_LIFETIME_MS = 180_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 4000;
/** Events that may wait; a controller that takes none must not fill the memory. */
const MAX_WAITING = 1000;

interface WaitingEvent {
  readonly body: SdpBody;
  readonly sinceMs: number;
}

export interface EventQueueOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Sends an INFO; its outcome comes back by receiveAnswer. */
  readonly sendInfo: (body: SdpBody) => void;
}

/** The controller may yet take the event, or another node of it may: no answer, and the failures of a server. */
const mayTakeItLater = (status: number): boolean => status === 408 || status === 491 || status >= 500;

/** The MSML events that wait for a SIP dialog. */
export class EventQueue {
  private state: EventQueueState = 'Idle';
  private readonly waiting: WaitingEvent[] = [];
  private retryMs = FIRST_RETRY_MS;
  private timer: Timer | undefined;
  private whenEmpty: (() => void) | undefined;

  constructor(private readonly options: EventQueueOptions) {}

  push(body: SdpBody): void {
    if (this.state === 'Closed') return;
    if (this.waiting.length >= MAX_WAITING) {
      this.options.log.warn('MSML event dropped: too many wait');
      return;
    }
    this.waiting.push({ body, sinceMs: this.options.clock.now() });
    this.trigger('event');
  }

  /** The final status of the INFO that is under way. */
  receiveAnswer(status: number): void {
    const first = this.waiting[0];
    if (!first || this.state !== 'Awaiting answer') return;
    const { clock, log } = this.options;
    const isOld = clock.now() - first.sinceMs >= EVENT_LIFETIME_MS;
    if (mayTakeItLater(status) && !isOld) {
      this.trigger('unanswered');
      return;
    }
    if (status >= 300) log.warn('MSML event not taken', { status });
    this.waiting.shift();
    this.retryMs = FIRST_RETRY_MS;
    this.trigger(this.waiting.length > 0 ? 'answered, events waiting' : 'answered, none waiting');
  }

  /** Calls back once, when nothing waits. */
  onEmpty(callback: () => void): void {
    if (this.state === 'Idle') callback();
    else this.whenEmpty = callback;
  }

  /** The SIP dialog is gone: what waits is discarded (RFC 5707 §3.1). */
  close(): void {
    this.trigger('close');
  }

  private trigger(what: EventQueueTrigger): void {
    const arrow = arrowFor(eventQueueMachine, this.state, what);
    if (!arrow) return;
    this.state = arrow.to;
    for (const deed of arrow.do) this.deeds[deed]();
  }

  private readonly deeds: Readonly<Record<EventQueueDeed, () => void>> = {
    'send INFO': () => {
      const first = this.waiting[0];
      if (first) this.options.sendInfo(first.body);
    },
    'start retry timer': () => {
      this.timer = this.options.clock.schedule(this.retryMs, () => this.trigger('retry'));
      this.retryMs = Math.min(2 * this.retryMs, LONGEST_RETRY_MS);
    },
    'tell empty': () => {
      const { whenEmpty } = this;
      this.whenEmpty = undefined;
      whenEmpty?.();
    },
    'drop all': () => {
      this.timer?.cancel();
      this.waiting.length = 0;
      this.whenEmpty = undefined;
    },
  };
}
