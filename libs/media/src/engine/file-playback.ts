import { arrowFor } from '@legato/kernel';
import { FRAMES_PER_SECOND, FRAME_MS } from '../mixer/frame';
import type { AudioSource } from '../mixer/media-node';
import type { WavSource } from '../wav/wav-source';
import type { PlayOptions, Playback, PlaybackOutcome } from './media-objects';
import type { PlaybackAction, PlaybackEvent, PlaybackState } from './playback.machine';
import { playbackTable } from './playback.machine';

/** Opens the files of a playback as streams of one channel; rejects with what is wrong with the first that can not be played. */
export type SourceLoader = (sampleRate: number) => Promise<WavSource[]>;

const reasonOf: Partial<Record<PlaybackEvent, PlaybackOutcome['reason']>> = {
  'last round over': 'complete',
  maxtime: 'maxtime',
  stop: 'stopped',
  'load failed': 'failed',
};

/** Plays WAV files one after the other into a node, pulled once a tick (RFC 5707 §9.7.1). */
export class FilePlayback implements Playback, AudioSource {
  readonly loaded: Promise<void>;
  readonly done: Promise<PlaybackOutcome>;
  private state: PlaybackState = 'Loading';
  private sources: WavSource[] = [];
  private current = 0;
  private roundsLeft: number;
  private playedMs = 0;
  private elapsedMs = 0;
  /** Where the first round begins, until the files are loaded. */
  private offsetMs: number;
  private intervalLeftMs = 0;
  private settle: (outcome: PlaybackOutcome) => void = () => undefined;

  /** `onEnd` is called at once when the playback ends. */
  constructor(
    load: SourceLoader,
    private sampleRate: number,
    private readonly options: PlayOptions,
    private readonly onEnd: (playback: FilePlayback) => void,
  ) {
    const rounds = options.iterate ?? 1;
    this.roundsLeft = rounds < 0 ? Infinity : Math.max(1, rounds);
    this.offsetMs = options.offsetMs ?? 0;
    this.done = new Promise((resolve) => (this.settle = resolve));
    this.loaded = load(sampleRate).then(
      (sources) => this.begin(sources),
      (error: Error) => this.deliver('load failed', error.message),
    );
  }

  pull(frame: Int16Array): boolean {
    if (this.state === 'Ended' || this.state === 'Loading' || this.state === 'Loading paused') return false;
    this.follow(frame.length * FRAMES_PER_SECOND);
    frame.fill(0);
    if (this.state === 'Interval') this.wait();
    if (this.state === 'Playing') this.play(frame);
    return true;
  }

  /** The node may change its rate: a re-INVITE with another codec. */
  private follow(sampleRate: number): void {
    if (sampleRate === this.sampleRate) return;
    this.sampleRate = sampleRate;
    for (const source of this.sources) source.retune(sampleRate);
  }

  stop(): void {
    this.deliver('stop');
  }

  pause(): void {
    this.deliver('pause');
  }

  resume(): void {
    this.deliver('resume');
  }

  seek(positionMs: number): void {
    this.offsetMs = Math.max(0, positionMs);
    this.rewind(this.offsetMs);
    if (this.state === 'Interval') this.deliver('interval over');
    else if (this.state === 'Interval paused') this.deliver('seek');
  }

  skip(deltaMs: number): void {
    this.seek((this.sources.length > 0 ? this.positionMs : this.offsetMs) + deltaMs);
  }

  /** Of the round. */
  private get positionMs(): number {
    return this.lengthBefore(this.current) + (this.sources[this.current]?.positionMs ?? 0);
  }

  private lengthBefore(index: number): number {
    return this.sources.slice(0, index).reduce((sum, { durationMs }) => sum + durationMs, 0);
  }

  private begin(sources: WavSource[]): void {
    if (this.state === 'Ended') return;
    this.sources = sources;
    const isEmpty = sources.every(({ durationMs }) => durationMs === 0);
    if (isEmpty) return this.deliver('load failed', 'nothing to play');
    this.rewind(this.offsetMs);
    this.deliver('loaded');
  }

  /** Places every file so that the round goes on `offsetMs` after its start. */
  private rewind(offsetMs: number): void {
    let left = offsetMs;
    this.current = 0;
    for (const [index, source] of this.sources.entries()) {
      source.seek(left);
      if (left >= source.durationMs) this.current = Math.min(index + 1, this.sources.length - 1);
      left = Math.max(0, left - source.durationMs);
    }
  }

  private wait(): void {
    this.intervalLeftMs -= FRAME_MS;
    this.pass();
    if (this.intervalLeftMs <= 0) this.deliver('interval over');
  }

  private play(frame: Int16Array): void {
    let filled = 0;
    for (let source = this.due(); source && filled < frame.length; source = this.due()) {
      const count = source.pull(frame, filled);
      filled += count;
      this.playedMs += (count * 1000) / this.sampleRate;
      if (count > 0) continue;
      this.current += 1;
      if (this.current === this.sources.length) this.endRound();
    }
    this.pass();
  }

  /** The file that is to be heard now. */
  private due(): WavSource | undefined {
    return this.state === 'Playing' ? this.sources[this.current] : undefined;
  }

  private endRound(): void {
    this.roundsLeft -= 1;
    if (this.roundsLeft > 0) this.deliver('round over');
    else this.deliver('last round over');
  }

  private pass(): void {
    this.elapsedMs += FRAME_MS;
    const { maxtimeMs = 0 } = this.options;
    if (maxtimeMs > 0 && this.elapsedMs >= maxtimeMs) this.deliver('maxtime');
  }

  private deliver(event: PlaybackEvent, error?: string): void {
    const arrow = arrowFor(playbackTable, this.state, event);
    if (!arrow) return;
    this.state = arrow.to;
    for (const action of arrow.do) this.actions[action](reasonOf[event] ?? 'stopped', error);
  }

  private readonly actions: Record<
    PlaybackAction,
    (reason: PlaybackOutcome['reason'], error?: string) => void
  > = {
    'start round': () => {
      this.rewind(this.lengthBefore(this.options.repeatFrom ?? 0));
      this.intervalLeftMs = this.options.intervalMs ?? 0;
      if (this.intervalLeftMs <= 0) this.deliver('interval over');
    },
    report: (reason, error) => {
      const amountMs = Math.round(this.playedMs);
      this.sources = [];
      this.onEnd(this);
      this.settle(error === undefined ? { reason, amountMs } : { reason, amountMs, error });
    },
  };
}
