import { eventOfDigit } from './telephone-event';

const DEFAULT_DURATION_MS = 100;
const DEFAULT_INTERVAL_MS = 100;
/** What receivers need at the least to tell a digit (Q.24). */
const SHORTEST_MS = 40;
const LONGEST_MS = 8000;
const LARGEST_QUEUE = 256;
const END_PACKETS = 3;

interface QueuedDigit {
  event: number;
  durationMs: number;
  intervalMs: number;
  levelDbm0: number | undefined;
}

/** Paces the digits that a connection sends: one packet a tick while a digit lasts, then three that end it (RFC 4733 §2.5.1). */
export class EventSender {
  private readonly queue: QueuedDigit[] = [];
  private current: QueuedDigit | undefined;
  private elapsedMs = 0;
  private endsSent = 0;
  private waitMs = 0;

  constructor(private readonly tickMs: number) {}

  /** Digits that have not been sent to their end. */
  get pending(): number {
    return this.queue.length + (this.current ? 1 : 0);
  }

  /** The event code of the packet or tone of this tick. */
  get event(): number {
    return this.current?.event ?? -1;
  }

  /** How loud it is, dBm0; undefined when nothing was said of that. */
  get levelDbm0(): number | undefined {
    return this.current?.levelDbm0;
  }

  /** First packet of the event: it carries the marker bit (RFC 4733 §2.5.1.1). */
  get isFirst(): boolean {
    return this.elapsedMs === this.tickMs;
  }

  get isEnd(): boolean {
    return this.endsSent > 0;
  }

  /** The digit is over and its end is only repeated. */
  get isTail(): boolean {
    return this.endsSent > 1;
  }

  /** How long the event has lasted at the end of this tick. */
  get durationMs(): number {
    return this.current ? Math.min(this.elapsedMs, this.current.durationMs) : 0;
  }

  /** Queues digits; what is no digit is skipped, and so is what does not fit into a queue of 256. */
  enqueue(
    digits: string,
    durationMs = DEFAULT_DURATION_MS,
    intervalMs = DEFAULT_INTERVAL_MS,
    levelDbm0?: number,
  ): void {
    const bounded = Math.min(Math.max(durationMs, SHORTEST_MS), LONGEST_MS);
    const wholeTicks = Math.ceil(bounded / this.tickMs) * this.tickMs;
    for (const digit of digits) {
      const event = eventOfDigit(digit);
      if (event < 0 || this.queue.length >= LARGEST_QUEUE) continue;
      const pauseMs = Math.max(intervalMs, SHORTEST_MS);
      this.queue.push({ event, durationMs: wholeTicks, intervalMs: pauseMs, levelDbm0 });
    }
  }

  /** Moves on by one tick; true when a packet (or a tick of tone) of `event` is to be sent. */
  tick(): boolean {
    if (this.current && this.endsSent === END_PACKETS) this.finish(this.current);
    if (this.waitMs > 0) {
      this.waitMs -= this.tickMs;
      return false;
    }
    this.current ??= this.queue.shift();
    if (!this.current) return false;
    this.elapsedMs += this.tickMs;
    if (this.elapsedMs >= this.current.durationMs) this.endsSent += 1;
    return true;
  }

  private finish(digit: QueuedDigit): void {
    this.current = undefined;
    this.waitMs = digit.intervalMs - (END_PACKETS - 1) * this.tickMs;
    this.elapsedMs = 0;
    this.endsSent = 0;
  }
}
