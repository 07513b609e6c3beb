import type { MediaServerPool } from '@legato/b2bua';
import type { Clock, Log, Timer } from '@legato/kernel';
import type { Probe } from './options-probe';

export type MediaServerState = 'unknown' | 'up' | 'down';

/** Between two questions to a server that answers. Longer than Timer K and the like: between them nothing is pending. */
const UP_INTERVAL_MS = 15_000;
/** And to one that does not. */
const DOWN_INTERVAL_MS = 2_000;

export interface MediaServerHealthOptions {
  readonly uris: readonly string[];
  readonly probe: Probe;
  readonly pool: Pick<MediaServerPool, 'reportFailure' | 'reportSuccess'>;
  /** What stands before `.up` and `.down` in the log; default media_server. */
  readonly what?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A server changed between up and down. */
  readonly onChange: (uri: string, state: 'up' | 'down') => void;
}

/** Asks every media server from time to time whether it is there, and tells the pool. */
export class MediaServerHealth {
  private readonly states = new Map<string, MediaServerState>();
  private readonly timers = new Map<string, Timer>();
  private running = false;

  constructor(private readonly options: MediaServerHealthOptions) {
    for (const uri of options.uris) this.states.set(uri, 'unknown');
  }

  get anyUp(): boolean {
    return [...this.states.values()].includes('up');
  }

  /** Servers by state, for /metrics. */
  counts(): Readonly<Record<MediaServerState, number>> {
    const counts = { unknown: 0, up: 0, down: 0 };
    for (const state of this.states.values()) counts[state] += 1;
    return counts;
  }

  start(): void {
    this.running = true;
    for (const uri of this.states.keys()) void this.ask(uri);
  }

  stop(): void {
    this.running = false;
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  /** Asks `uri` out of turn, unless that is under way. */
  askNow(uri: string): void {
    const timer = this.timers.get(uri);
    if (!this.running || !timer) return;
    timer.cancel();
    void this.ask(uri);
  }

  private async ask(uri: string): Promise<void> {
    this.timers.delete(uri);
    const up = await this.options.probe(uri);
    if (!this.running) return;
    this.note(uri, up ? 'up' : 'down');
    const delayMs = up ? UP_INTERVAL_MS : DOWN_INTERVAL_MS;
    this.timers.set(
      uri,
      this.options.clock.schedule(delayMs, () => void this.ask(uri)),
    );
  }

  private note(uri: string, state: 'up' | 'down'): void {
    const { pool, log, onChange, what = 'media_server' } = this.options;
    if (state === 'up') pool.reportSuccess(uri);
    else pool.reportFailure(uri);
    if (this.states.get(uri) === state) return;
    this.states.set(uri, state);
    if (state === 'up') log.info(`${what}.up`, { uri });
    else log.warn(`${what}.down`, { uri });
    onChange(uri, state);
  }
}
