const FIRST_SLACK_MS = 40;
const LEAST_SLACK_MS = 20;
const MOST_SLACK_MS = 200;
/** A packet that comes too late costs this much more delay. */
const STEP_UP_MS = 20;
const STEP_DOWN_MS = 10;
/** So long without trouble, and less delay is tried. */
const CALM_MS = 10_000;
/** The buffer running dry for longer than this is a pause of the sender, not jitter. */
const LONGEST_UNDERRUN_MS = 200;

/** How much audio is held against jitter: more after each packet that came too late, less after a calm time. */
export class PlayoutDelay {
  /** Beside one packet. */
  slackMs = FIRST_SLACK_MS;
  private calmMs = 0;
  private dryMs = 0;

  /** A packet came when its time had passed. True when more delay is to be taken now. */
  receiveLate(): boolean {
    return this.raise();
  }

  /** There was nothing to play, for `ms` more. */
  runDry(ms: number): void {
    this.dryMs += ms;
  }

  /** Packets come again after there was nothing to play. */
  refill(): void {
    if (this.dryMs > 0 && this.dryMs <= LONGEST_UNDERRUN_MS) this.raise();
    this.dryMs = 0;
  }

  /** Audio was played for `ms` more without trouble. */
  play(ms: number): void {
    this.dryMs = 0;
    this.calmMs += ms;
    if (this.calmMs < CALM_MS) return;
    this.calmMs = 0;
    this.slackMs = Math.max(LEAST_SLACK_MS, this.slackMs - STEP_DOWN_MS);
  }

  private raise(): boolean {
    this.calmMs = 0;
    if (this.slackMs >= MOST_SLACK_MS) return false;
    this.slackMs += STEP_UP_MS;
    return true;
  }
}
