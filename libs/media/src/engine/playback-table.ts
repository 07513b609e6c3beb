import type { MediaNode } from '../mixer/media-node';
import { TransformedSource } from '../mixer/transformed';
import { WavCache } from '../wav/wav-cache';
import { readWavLayout } from '../wav/wav-reader';
import { WavSource } from '../wav/wav-source';
import { writeWav } from '../wav/wav-writer';
import { FilePlayback } from './file-playback';
import { MediaObjectError } from './media.errors';
import type { PlayOptions, PlaySource, Playback } from './media-objects';

const DEFAULT_RATE = 8000;

/** The playbacks of an engine. */
export class PlaybackTable {
  private readonly playbacks = new Map<FilePlayback, MediaNode>();
  private readonly cache = new WavCache();

  get size(): number {
    return this.playbacks.size;
  }

  /** Begins a playback into `node`; without one it fails through its `done`. */
  play(
    node: MediaNode | undefined,
    target: string,
    sources: readonly PlaySource[],
    options: PlayOptions,
  ): Playback {
    const load = async (sampleRate: number): Promise<WavSource[]> => {
      if (!node) throw new MediaObjectError('NO_SUCH_OBJECT', target);
      return Promise.all(sources.map((source) => this.open(source, sampleRate)));
    };
    const playback = new FilePlayback(load, node?.sampleRate ?? DEFAULT_RATE, options, (ended) => {
      this.playbacks.delete(ended);
      if (node) node.sources = node.sources.filter((each) => each !== source);
    });
    const { transformer } = options;
    const source = transformer ? new TransformedSource(playback, transformer) : playback;
    if (node) {
      this.playbacks.set(playback, node);
      node.sources = [...node.sources, source];
    }
    return playback;
  }

  stopOn(node: MediaNode): void {
    for (const [playback, target] of this.playbacks) if (target === node) playback.stop();
  }

  private async open(source: PlaySource, sampleRate: number): Promise<WavSource> {
    if (typeof source === 'string') {
      const { bytes, layout } = await this.cache.load(source);
      return new WavSource(bytes, layout, sampleRate);
    }
    const bytes = 'load' in source ? await source.load() : writeWav(source, source.samples);
    const layout = readWavLayout(bytes);
    if (!layout.ok) throw new Error(layout.error);
    return new WavSource(bytes, layout.value, sampleRate);
  }
}
