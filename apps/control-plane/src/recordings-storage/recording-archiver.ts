import type { RecordingCommands } from '@legato/b2bua';
import { isRefused } from '@legato/b2bua';
import type { Clock, Log, Timer } from '@legato/kernel';
import { access } from 'node:fs/promises';
import type { RecordingArchive } from './recording-archive';
import { manifestOf, objectOf } from './recording-archive';
import type { RecordingFile, RecordingFiles } from './recording-files';

/** How often the folder is looked through for what has been left behind. */
const SWEEP_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;

export interface RecordingArchiverOptions {
  readonly files: RecordingFiles;
  readonly archive: RecordingArchive;
  readonly recordings: Pick<RecordingCommands, 'getRecording' | 'noteStored'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Brings finished recordings from the folder of the media server to the archive, and deletes them there when they are safe. What
 * is in the folder is what is left to do, so that nothing has to be remembered over a restart.
 */
export class RecordingArchiver {
  private timer: Timer | undefined;
  private running = false;
  private readonly failures = new Map<string, number>();
  private underWay: Promise<void> = Promise.resolve();

  constructor(private readonly options: RecordingArchiverOptions) {}

  start(): void {
    this.running = true;
    this.wake(0);
  }

  async stop(): Promise<void> {
    this.running = false;
    this.timer?.cancel();
    await this.underWay;
  }

  /** A recording is finished: the folder is looked through soon. */
  wake(delayMs = 0): void {
    if (!this.running) return;
    this.timer?.cancel();
    this.timer = this.options.clock.schedule(delayMs, () => {
      this.underWay = this.underWay.then(() => this.sweep());
    });
  }

  private async sweep(): Promise<void> {
    if (!this.running) return;
    this.wake(SWEEP_MS);
    for (const file of await this.options.files.list()) {
      if (!this.running) return;
      await this.bring(file);
    }
  }

  private async bring(file: RecordingFile): Promise<void> {
    const { recordings, log } = this.options;
    try {
      const view = await recordings.getRecording(file.id);
      if (view?.state === 'processing') await this.keep(file);
      this.failures.delete(file.id);
    } catch (error) {
      const failures = (this.failures.get(file.id) ?? 0) + 1;
      this.failures.set(file.id, failures);
      log.warn('recording is not archived', { recording_id: file.id, failures, error: String(error) });
      this.wake(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS));
    }
  }

  private async keep({ id, path }: RecordingFile): Promise<void> {
    const { archive, files, recordings, clock, log } = this.options;
    const object = objectOf(id);
    const manifest = files.manifestPath(path);
    const hasManifest = await access(manifest).then(
      () => true,
      () => false,
    );
    if (hasManifest) await archive.store(manifestOf(object), manifest, 'application/json');
    await archive.store(object, path, 'audio/wav');
    const noted = await recordings.noteStored(id, { at: clock.wallTime(), object });
    if (isRefused(noted) || noted.object === undefined) throw new Error('the store did not take it');
    await files.removePath(path);
    log.info('recording archived', { recording_id: id, object });
  }
}
