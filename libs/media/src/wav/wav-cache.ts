import { constants, promises } from 'node:fs';
import type { WavLayout } from './wav-reader';
import { LARGEST_WAV_BYTES, readWavLayout } from './wav-reader';

/** What the cache holds at most, and what one file in it may have: prompts fit, recordings need not. */
const LARGEST_CACHE_BYTES = 64 * 1024 * 1024;
const LARGEST_CACHED_BYTES = 8 * 1024 * 1024;

export interface LoadedWav {
  bytes: Uint8Array;
  layout: WavLayout;
}

interface Entry extends LoadedWav {
  /** Tells one version of a file from another. */
  version: string;
}

/** Reads WAV files and keeps those that were played last, as long as they do not change. */
export class WavCache {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  /** `largestBytes` is what the cache holds at most, `largestFileBytes` what one file in it may have. */
  constructor(
    private readonly largestBytes = LARGEST_CACHE_BYTES,
    private readonly largestFileBytes = LARGEST_CACHED_BYTES,
  ) {}

  /** Files that are kept. */
  get size(): number {
    return this.entries.size;
  }

  /** Reads a file of 128 MiB at most; rejects with a message that names it. */
  async load(path: string): Promise<LoadedWav> {
    const file = await promises.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new Error(`${path}: not a file`);
      if (stat.size > LARGEST_WAV_BYTES) throw new Error(`${path}: larger than 128 MiB`);
      const version = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
      const known = this.entries.get(path);
      if (known?.version === version) return this.refresh(path, known);
      const bytes = await file.readFile();
      const layout = readWavLayout(bytes);
      if (!layout.ok) throw new Error(`${path}: ${layout.error}`);
      return this.keep(path, { bytes, layout: layout.value, version });
    } finally {
      await file.close();
    }
  }

  /** The least recently used are at the beginning. */
  private refresh(path: string, entry: Entry): Entry {
    this.entries.delete(path);
    this.entries.set(path, entry);
    return entry;
  }

  private keep(path: string, entry: Entry): Entry {
    this.forget(path);
    if (entry.bytes.length > this.largestFileBytes) return entry;
    this.bytes += entry.bytes.length;
    this.entries.set(path, entry);
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.largestBytes) break;
      this.forget(oldest);
    }
    return entry;
  }

  private forget(path: string): void {
    this.bytes -= this.entries.get(path)?.bytes.length ?? 0;
    this.entries.delete(path);
  }
}
