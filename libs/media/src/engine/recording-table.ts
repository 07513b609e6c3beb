import type { Clock } from '@legato/kernel';
import type { AudioSource, MediaNode } from '../mixer/media-node';
import { TransformedTap } from '../mixer/transformed';
import { Beep } from '../tones/beep';
import { FileRecording } from './file-recording';
import { MediaObjectError } from './media.errors';
import type { MediaRecording, RecordOptions } from './media-objects';

/** The recordings of an engine, until their files are safe. */
export class RecordingTable {
  private readonly recordings = new Map<FileRecording, MediaNode>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.recordings.size;
  }

  /** Begins a recording of `node`; without one it fails through its `done`. */
  record(node: MediaNode | undefined, target: string, options: RecordOptions): MediaRecording {
    if (!node) return failedRecording(options.path, new MediaObjectError('NO_SUCH_OBJECT', target).message);
    let beep: AudioSource | undefined;
    const endBeep = (): void => {
      node.sources = node.sources.filter((source) => source !== beep);
    };
    const { transformer } = options;
    const recording = new FileRecording(options, this.clock, () => {
      endBeep();
      node.taps = node.taps.filter((each) => each !== tap);
      if (transformer?.heedsTones) node.tonesWanted -= 1;
    });
    const tap = transformer ? new TransformedTap(recording, transformer, node) : recording;
    if (transformer?.heedsTones) node.tonesWanted += 1;
    if (options.beep) {
      beep = new Beep(() => {
        endBeep();
        recording.begin();
      });
      node.sources = [...node.sources, beep];
    }
    node.taps = [...node.taps, tap];
    this.recordings.set(recording, node);
    void recording.done.then(() => this.recordings.delete(recording));
    return recording;
  }

  /** Ticks that did not happen. */
  skip(ticks: number): void {
    for (const recording of this.recordings.keys()) recording.skip(ticks);
  }

  /** Ends the recordings of a node; resolves when their files are safe. */
  async stopOn(node: MediaNode): Promise<void> {
    const ended = [...this.recordings]
      .filter(([, target]) => target === node)
      .map(([recording]) => recording);
    for (const recording of ended) recording.stop();
    await Promise.all(ended.map(({ done }) => done));
  }

  /** Resolves when the files of all recordings that have ended are safe. */
  async settled(): Promise<void> {
    await Promise.all([...this.recordings.keys()].map(({ done }) => done));
  }
}

/** What `record` gives for a target that does not exist. */
function failedRecording(path: string, error: string): MediaRecording {
  const nothing = (): void => undefined;
  const done = Promise.resolve({ reason: 'failed' as const, lengthMs: 0, error });
  return { path, done, stop: nothing, pause: nothing, resume: nothing, cancel: nothing };
}
