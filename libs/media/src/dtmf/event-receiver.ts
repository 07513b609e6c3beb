import { timestampDistance } from '../rtp/rtp-packet.parser';
import { LONGEST_DURATION, TelephoneEvent, digitOfEvent, readTelephoneEvent } from './telephone-event';

/** An event whose end was lost is over when nothing of it came for this long: three packets of 50 ms (RFC 4733 §2.5.2.2). */
const LOST_END_MS = 150;

/** Packets of an event that is over may still come for this long; later, the same timestamp is another event. */
const REPEATS_MS = 300;
/** Events whose late packets are known for what they are. */
const REMEMBERED = 8;

export type DigitListener = (digit: string, durationMs: number) => void;

/** Reports each DTMF event once, however many packets tell of it and whichever of them are lost (RFC 4733 §2.5.2). */
export class EventReceiver {
  private readonly event = new TelephoneEvent();
  private code = -1;
  /** The timestamp of the event's packets; of its latest segment when it is longer than one packet can say. */
  private timestamp = 0;
  private ended = true;
  /** Timestamps of events that are over. */
  private readonly past: number[] = [];
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
    if (this.past.includes(timestamp)) return true;
    if (this.ended || timestamp !== this.timestamp) this.begin(timestamp);
    this.sinceLastMs = 0;
    this.duration = Math.max(this.duration, this.event.duration);
    if (this.event.end) this.finish();
    return true;
  }

  /** Time passes: an event that fell silent is over, and the past is forgotten. */
  elapse(ms: number): void {
    this.sinceLastMs += ms;
    if (!this.ended && this.sinceLastMs >= LOST_END_MS) this.finish();
    if (this.sinceLastMs >= REPEATS_MS) this.past.length = 0;
  }

  /** Another source is heard: its timestamps have nothing to do with those before. */
  reset(): void {
    if (!this.ended) this.finish();
    this.past.length = 0;
  }

  private begin(timestamp: number): void {
    const continues =
      !this.ended &&
      this.event.event === this.code &&
      timestampDistance(timestamp, this.timestamp) === LONGEST_DURATION;
    if (continues) this.continueSegment();
    else this.startEvent();
    this.ended = false;
    this.code = this.event.event;
    this.timestamp = timestamp;
    this.duration = 0;
  }

  private continueSegment(): void {
    this.remember();
    this.earlierSegments += LONGEST_DURATION;
  }

  private startEvent(): void {
    if (!this.ended) this.finish();
    this.earlierSegments = 0;
  }

  private remember(): void {
    this.past.push(this.timestamp);
    if (this.past.length > REMEMBERED) this.past.shift();
  }

  private finish(): void {
    this.ended = true;
    this.remember();
    const digit = digitOfEvent(this.code);
    if (digit === undefined) return;
    this.onDigit(digit, Math.round(((this.earlierSegments + this.duration) * 1000) / this.clockRate));
  }
}
