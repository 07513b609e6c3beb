/** Active speaker notification of a conference (RFC 5707 §8.6.2). */
export interface ActiveSpeakerOptions {
  /** The least time between two notifications; 0: none are made. */
  intervalMs: number;
  /** Who is louder speaks, dBm0: -96 to 0. */
  thresholdDbm0: number;
}

export type SpeakersListener = (ids: string[]) => void;

/** Tells of changes in the set of who speaks, never more often than the interval. */
export class SpeakerNotifier {
  private reported = '';
  private sinceReportMs = Infinity;

  constructor(
    private readonly options: ActiveSpeakerOptions,
    private readonly notify: SpeakersListener,
  ) {}

  /** Looks at the speakers every `ms`. */
  elapse(ms: number, speakers: (thresholdDbm0: number) => string[]): void {
    if (this.options.intervalMs <= 0) return;
    this.sinceReportMs += ms;
    if (this.sinceReportMs < this.options.intervalMs) return;
    const ids = speakers(this.options.thresholdDbm0);
    const set = [...ids].sort().join('\n');
    if (set === this.reported) return;
    this.reported = set;
    this.sinceReportMs = 0;
    this.notify(ids);
  }
}
