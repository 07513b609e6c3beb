import { repairStagedRecordings } from '@legato/media';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders within folders that clients can have made by the names of their recordings. */
const MAX_DEPTH = 16;

/** Finishes the recordings that a crash left unfinished below `folder`; returns their paths. Rejects when it can not be read. */
export async function repairRecordings(folder: string, depth = 0): Promise<string[]> {
  const repaired = await repairStagedRecordings(folder);
  if (depth >= MAX_DEPTH) return repaired;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) repaired.push(...(await repairRecordings(join(folder, entry.name), depth + 1)));
  }
  return repaired;
}
