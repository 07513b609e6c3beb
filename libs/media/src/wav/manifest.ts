import { createHash } from 'node:crypto';
import { createReadStream, promises } from 'node:fs';
import { basename } from 'node:path';

const SUFFIX = '.json';
const LARGEST_BYTES = 1024 * 1024;

/** A stretch of a recording, by its place in the file. */
export interface ManifestGap {
  atMs: number;
  /** How long it was in the world; with mode `skip` it has no length in the file. */
  durationMs: number;
}

export interface ManifestPause extends ManifestGap {
  mode: 'skip' | 'silence';
  note?: string;
}

/** What a finished recording is, for whoever has to prove it. */
export interface ManifestFacts {
  state: string;
  endedAt: string;
  sampleRate: number;
  channels: number;
  /** Of each channel. */
  samples: number;
  /** Silence where the engine was held up. */
  gaps: readonly ManifestGap[];
  pauses: readonly ManifestPause[];
}

const manifestPath = (path: string): string => path + SUFFIX;

async function write(path: string, content: Readonly<Record<string, unknown>>): Promise<void> {
  const staged = `${manifestPath(path)}.new`;
  await promises.writeFile(staged, `${JSON.stringify(content, undefined, 2)}\n`, {
    mode: 0o640,
    flush: true,
  });
  await promises.rename(staged, manifestPath(path));
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Writes the manifest of a recording that begins now. */
export function beginManifest(
  path: string,
  fields: Readonly<Record<string, unknown>>,
  startedAt: string,
): Promise<void> {
  return write(path, { ...fields, file: basename(path), state: 'recording', startedAt });
}

/** Completes the manifest of a file that has its final name. */
export async function completeManifest(
  path: string,
  fields: Readonly<Record<string, unknown>>,
  facts: ManifestFacts & { startedAt: string },
): Promise<void> {
  await write(path, { ...fields, file: basename(path), ...facts, sha256: await digest(path) });
}

/** Marks the manifest of a repaired recording as such; without a manifest, nothing is done. */
export async function recoverManifest(path: string, facts: { samples: number }): Promise<void> {
  const known = await readManifest(path);
  if (known) await write(path, { ...known, ...facts, state: 'recovered', sha256: await digest(path) });
}

/** Removes the manifest of a recording that was cancelled. */
export async function removeManifest(path: string): Promise<void> {
  await promises.unlink(manifestPath(path)).catch(() => undefined);
}

async function readManifest(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { size } = await promises.stat(manifestPath(path));
    if (size > LARGEST_BYTES) return undefined;
    const content: unknown = JSON.parse(await promises.readFile(manifestPath(path), 'utf8'));
    return typeof content === 'object' && content !== null ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}
