import type { RecordingView } from '@legato/b2bua';
import type { OpenMedia } from './open-media';
import { manifestOf } from './recording-archive';
import type { RecordingArchive } from './recording-archive';
import type { RecordingFiles } from './recording-files';

/** The media of finished recordings, wherever they are. */
export class RecordingMedia {
  constructor(
    private readonly files: RecordingFiles,
    private readonly archive?: RecordingArchive,
  ) {}

  async open(recording: RecordingView): Promise<OpenMedia | undefined> {
    if (recording.object === undefined) return this.files.open(recording);
    return this.archive?.open(recording.object);
  }

  /** The text of the manifest. */
  async manifest(recording: RecordingView): Promise<string | undefined> {
    if (recording.object === undefined) return this.files.manifest(recording);
    return this.archive?.text(manifestOf(recording.object));
  }

  async remove(recording: RecordingView): Promise<void> {
    await this.files.remove(recording);
    if (recording.object === undefined) return;
    await this.archive?.remove(recording.object);
    await this.archive?.remove(manifestOf(recording.object));
  }
}
