import type { Clock } from '@legato/kernel';
import type { ManifestGap, ManifestPause } from '../wav/manifest';
import { beginManifest, completeManifest, removeManifest } from '../wav/manifest';
import type { PauseMode, RecordOptions } from './media-objects';

/** So many gaps and pauses are listed; a longer list says no more. */
const MOST_ENTRIES = 1000;

/** Keeps what a recording's manifest tells: written when it begins, and again when its file is safe. */
export class RecordingJournal {
  private readonly gaps: ManifestGap[] = [];
  private readonly pauses: ManifestPause[] = [];
  private readonly startedAt: string;
  private readonly begun: Promise<void>;

  constructor(
    private readonly options: RecordOptions,
    private readonly clock: Clock,
  ) {
    this.startedAt = this.nowAsText();
    const { path, manifest } = options;
    this.begun = manifest ? beginManifest(path, manifest, this.startedAt) : Promise.resolve();
    this.begun.catch(() => undefined);
  }

  /** The engine was held up. */
  noteGap(atMs: number, durationMs: number): void {
    if (this.gaps.length < MOST_ENTRIES) this.gaps.push({ atMs, durationMs });
  }

  notePause(atMs: number, mode: PauseMode, note: string | undefined): void {
    if (this.pauses.length >= MOST_ENTRIES) return;
    this.pauses.push({ atMs, durationMs: 0, mode, ...(note === undefined ? {} : { note }) });
  }

  /** The pause that was noted last goes on. */
  prolongPause(ms: number): void {
    const last = this.pauses.at(-1);
    if (last) last.durationMs += ms;
  }

  /** Rejects when the manifest can not be written. */
  async complete(state: string, samples: number, sampleRate: number): Promise<void> {
    const { path, manifest, channels } = this.options;
    if (!manifest) return;
    await this.begun;
    const { startedAt, gaps, pauses } = this;
    const facts = {
      state,
      startedAt,
      endedAt: this.nowAsText(),
      sampleRate,
      channels,
      samples,
      gaps,
      pauses,
    };
    await completeManifest(path, manifest, facts);
  }

  async discard(): Promise<void> {
    if (!this.options.manifest) return;
    await this.begun.catch(() => undefined);
    await removeManifest(this.options.path);
  }

  private nowAsText(): string {
    return new Date(this.clock.wallTime()).toISOString();
  }
}
