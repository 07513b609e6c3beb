import type { Clock, Timer } from '@legato/kernel';

/** How often a dialog is looked at. */
export const PROBE_INTERVAL_MS = 60_000;
/** Unanswered probes in a row that make a dialog dead: more than a take-over takes. */
const MISSES = 3;

export interface LivenessOptions {
  readonly clock: Clock;
  /** RTP packets that have come so far. */
  readonly packetsReceived: () => number;
  /** Sends an OPTIONS; its outcome comes back by receiveAnswer. */
  readonly probe: () => void;
  /** Nobody is there any more. */
  readonly onDead: () => void;
}

/** Finds dialogs whose peer went away without BYE: no media for a minute, and then no answer to OPTIONS, time and again. */
export class Liveness {
  private timer: Timer;
  private seenPackets = 0;
  private misses = 0;

  constructor(private readonly options: LivenessOptions) {
    this.timer = this.arm();
  }

  /** The final status of a probe. Whatever the peer says, it is there; 481 says that its dialog is not. */
  receiveAnswer(status: number): void {
    if (status === 481) {
      this.options.onDead();
      return;
    }
    const isMiss = status === 408 || status === 503;
    this.misses = isMiss ? this.misses + 1 : 0;
    if (this.misses >= MISSES) this.options.onDead();
  }

  stop(): void {
    this.timer.cancel();
  }

  private arm(): Timer {
    return this.options.clock.schedule(PROBE_INTERVAL_MS, () => this.look());
  }

  private look(): void {
    this.timer = this.arm();
    const packets = this.options.packetsReceived();
    if (packets === this.seenPackets) this.options.probe();
    else this.misses = 0;
    this.seenPackets = packets;
  }
}
