import { constants, promises } from 'node:fs';
import { join } from 'node:path';
import { recoverManifest } from './manifest';
import { STAGED_SUFFIX, syncDirectory } from './staged-wav-file';
import { readWavLayout } from './wav-reader';
import { WAV_HEADER_BYTES, wavHeader } from './wav-writer';

/**
 * Finishes the recordings that a crash left staged in `directory`: patches their sizes, gives them their names and
 * marks their manifests as recovered. To be called before anything is recorded there. One that
 * holds no audio is deleted; one that can not be repaired stays where it is. Returns the paths of the finished files;
 * rejects when the directory can not be read.
 */
export async function repairStagedRecordings(directory: string): Promise<string[]> {
  const names = (await promises.readdir(directory)).filter((name) => name.endsWith(STAGED_SUFFIX));
  const repaired: string[] = [];
  for (const name of names.sort()) {
    const path = await repair(join(directory, name)).catch(() => undefined);
    if (path !== undefined) repaired.push(path);
  }
  if (repaired.length > 0) await syncDirectory(directory);
  return repaired;
}

/** The final path; undefined when there was nothing to keep. */
async function repair(staged: string): Promise<string | undefined> {
  let samples = 0;
  const file = await promises.open(staged, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    const header = Buffer.alloc(WAV_HEADER_BYTES);
    await file.read(header, 0, WAV_HEADER_BYTES, 0);
    if (size <= WAV_HEADER_BYTES) {
      await promises.unlink(staged);
      return undefined;
    }
    const layout = readWavLayout(header);
    if (!layout.ok || layout.value.dataStart !== WAV_HEADER_BYTES) return undefined;
    const frameBytes = layout.value.channels * 2;
    const dataBytes = Math.floor((size - WAV_HEADER_BYTES) / frameBytes) * frameBytes;
    samples = dataBytes / frameBytes;
    await file.truncate(WAV_HEADER_BYTES + dataBytes);
    await file.write(wavHeader(layout.value, dataBytes), 0, WAV_HEADER_BYTES, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  const path = staged.slice(0, -STAGED_SUFFIX.length);
  await promises.rename(staged, path);
  await recoverManifest(path, { samples });
  return path;
}
