import { constants, promises } from 'node:fs';
import type { WavLayout } from './wav-reader';
import { LARGEST_WAV_BYTES, readWavLayout } from './wav-reader';

export interface LoadedWav {
  bytes: Uint8Array;
  layout: WavLayout;
}

/** Reads a WAV file of 128 MiB at most; rejects with a message that names the file. */
export async function loadWav(path: string): Promise<LoadedWav> {
  const file = await promises.open(path, constants.O_RDONLY);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error(`${path}: not a file`);
    if (stat.size > LARGEST_WAV_BYTES) throw new Error(`${path}: larger than 128 MiB`);
    const bytes = await file.readFile();
    const layout = readWavLayout(bytes);
    if (!layout.ok) throw new Error(`${path}: ${layout.error}`);
    return { bytes, layout: layout.value };
  } finally {
    await file.close();
  }
}
