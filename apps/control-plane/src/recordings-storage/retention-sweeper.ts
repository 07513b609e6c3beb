import type { RecordingCommands } from '@legato/b2bua';
import type { Clock, Log, Timer } from '@legato/kernel';
import type { RecordingFiles } from './recording-files';

const DAY_MS = 24 * 3_600_000;
/** How often is looked. */
const SWEEP_MS = 3_600_000;

export interface RetentionSweeperOptions {
  readonly files: RecordingFiles;
  readonly recordings: Pick<RecordingCommands, 'getRecording' | 'noteDeleted'>;
  /** How many days a recording is kept. */
  readonly days: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Deletes the files of recordings whose time is over from the folder, and says so for those that are still known. */
export class RetentionSweeper {
  private timer: Timer | undefined;
  private running = false;

  constructor(private readonly options: RetentionSweeperOptions) {}

  start(): void {
    this.running = true;
    this.schedule(0);
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  private schedule(delayMs: number): void {
    if (!this.running) return;
    this.timer = this.options.clock.schedule(
      delayMs,
      () => void this.sweep().then(() => this.schedule(SWEEP_MS)),
    );
  }

  private async sweep(): Promise<void> {
    const { files, recordings, days, clock, log } = this.options;
    const before = clock.wallTime() - days * DAY_MS;
    for (const { id, path, modifiedAt } of await files.list()) {
      if (modifiedAt >= before) continue;
      try {
        await files.removePath(path);
        if (await recordings.getRecording(id)) await recordings.noteDeleted(id, clock.wallTime());
        log.info('recording deleted, its time was over', { recording_id: id });
      } catch (error) {
        log.warn('recording is not deleted', { recording_id: id, error: String(error) });
      }
    }
  }
}
