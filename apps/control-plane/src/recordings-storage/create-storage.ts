import type { RecordingCommands } from '@legato/b2bua';
import type { Clock, Log } from '@legato/kernel';
import type { Config } from '../config/config';
import { RecordingArchiver } from './recording-archiver';
import type { RecordingArchive } from './recording-archive';
import { RecordingFiles } from './recording-files';
import { RecordingMedia } from './recording-media';
import { RetentionSweeper } from './retention-sweeper';
import { S3Archive } from './s3-archive';

export interface RecordingStorageOptions {
  readonly config: Pick<Config, 'recordings' | 'recordingsDir'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What becomes of finished recordings: where they are kept, and for how long. */
export class RecordingStorage {
  readonly media: RecordingMedia;
  private archiver: RecordingArchiver | undefined;
  private sweeper: RetentionSweeper | undefined;

  private constructor(
    private readonly options: RecordingStorageOptions,
    private readonly files: RecordingFiles,
    private readonly archive: RecordingArchive | undefined,
  ) {
    this.media = new RecordingMedia(files, archive);
  }

  static async create(options: RecordingStorageOptions): Promise<RecordingStorage> {
    const { recordings, recordingsDir } = options.config;
    const archive = recordings.s3 && (await S3Archive.connect(recordings.s3));
    return new RecordingStorage(options, new RecordingFiles(recordingsDir), archive);
  }

  /** Whether finished recordings go to an archive before they are complete. */
  get archives(): boolean {
    return this.archive !== undefined;
  }

  start(recordings: RecordingCommands): void {
    const { clock, log, config } = this.options;
    const { files, archive } = this;
    if (archive) {
      this.archiver = new RecordingArchiver({ files, archive, recordings, clock, log });
      this.archiver.start();
    }
    const days = config.recordings.retentionDays;
    if (days === undefined) return;
    this.sweeper = new RetentionSweeper({ files, recordings, days, clock, log });
    this.sweeper.start();
  }

  /** A recording has ended: its file may wait to be archived. */
  readonly recordingFinished = (): void => this.archiver?.wake();

  async stop(): Promise<void> {
    this.sweeper?.stop();
    await this.archiver?.stop();
  }
}
