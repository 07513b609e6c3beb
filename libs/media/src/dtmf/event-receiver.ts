import { timestampDistance } from '../rtp/rtp-packet.parser';
import { LONGEST_DURATION, TelephoneEvent, digitOfEvent, readTelephoneEvent } from './telephone-event';

/** An event whose end was lost is over when nothing of it came for this long: three packets of 50 ms (RFC 4733 §2.5.2.2). */
const LOST_END_MS = 150;

export type DigitListener = (digit: string, durationMs: number) => void;

/** Reports each DTMF event once, however many packets tell of it and whichever of them are lost (RFC 4733 §2.5.2). */
export class EventReceiver {
  private readonly event = new TelephoneEvent();
  private code = -1;
  /** The timestamp of the event's packets; of its latest segment when it is longer than one packet can say. */
  private timestamp = 0;
  private started = false;
  private ended = true;
  private duration = 0;
  private earlierSegments = 0;
  private sinceLastMs = 0;

  constructor(
    private readonly clockRate: number,
    private readonly onDigit: DigitListener,
  ) {}

  /** An event is going on. */
  get active(): boolean {
    return !this.ended;
  }

  /** Takes the payload `bytes[start..end)` of a packet with `timestamp`; false when it is malformed. */
  receive(bytes: Uint8Array, start: number, end: number, timestamp: number): boolean {
    if (!readTelephoneEvent(bytes, start, end, this.event)) return false;
    const distance = this.started ? timestampDistance(timestamp, this.timestamp) : 1;
    if (distance < 0) return true;
    if (distance > 0) this.begin(timestamp);
    if (this.ended) return true;
    this.sinceLastMs = 0;
    this.duration = Math.max(this.duration, this.event.duration);
    if (this.event.end) this.finish();
    return true;
  }

  /** Time passes: an event that fell silent is over. */
  elapse(ms: number): void {
    if (this.ended) return;
    this.sinceLastMs += ms;
    if (this.sinceLastMs >= LOST_END_MS) this.finish();
  }

  /** Another source is heard: its timestamps have nothing to do with those before. */
  reset(): void {
    if (!this.ended) this.finish();
    this.started = false;
  }

  private begin(timestamp: number): void {
    const continues =
      !this.ended &&
      this.event.event === this.code &&
      timestampDistance(timestamp, this.timestamp) === LONGEST_DURATION;
    if (continues) this.earlierSegments += LONGEST_DURATION;
    else if (!this.ended) this.finish();
    if (!continues) this.earlierSegments = 0;
    this.started = true;
    this.ended = false;
    this.code = this.event.event;
    this.timestamp = timestamp;
    this.duration = 0;
  }

  private finish(): void {
    this.ended = true;
    const digit = digitOfEvent(this.code);
    if (digit === undefined) return;
    this.onDigit(digit, Math.round(((this.earlierSegments + this.duration) * 1000) / this.clockRate));
  }
}
