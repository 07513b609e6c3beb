import type { Clock } from '@legato/kernel';

/** No beat for so long: the process does not run. It beats twice a second. */
export const STALLED_MS = 3000;
/** In a stall of this length its calls are lost, and nobody else would end it. */
export const GIVEN_UP_MS = 60_000;
/** Beats in a row with more ticks lost than kept: a second in which nobody was understood. */
const LATE_BEATS = 2;

/** How the media process does, by its beats. */
export class MediaHealth {
  private heardAt = 0;
  private kept = 0;
  private late = 0;
  private lateBeats = 0;

  constructor(private readonly clock: Clock) {}

  /** A new process. */
  begin(): void {
    this.heardAt = this.clock.now();
    this.kept = 0;
    this.late = 0;
    this.lateBeats = 0;
  }

  /** Ticks that happened and ticks that fell out, since the start of the process. */
  beat(kept: number, late: number): void {
    this.heardAt = this.clock.now();
    this.lateBeats = late - this.late > kept - this.kept ? this.lateBeats + 1 : 0;
    this.kept = kept;
    this.late = late;
  }

  get isLate(): boolean {
    return this.lateBeats >= LATE_BEATS;
  }

  get isStalled(): boolean {
    return this.silentMs >= STALLED_MS;
  }

  get isGivenUp(): boolean {
    return this.silentMs >= GIVEN_UP_MS;
  }

  private get silentMs(): number {
    return this.clock.now() - this.heardAt;
  }
}
