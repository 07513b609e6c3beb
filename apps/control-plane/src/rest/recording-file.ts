import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that is open for reading; whoever has it closes the handle. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  /** Changes when the file does (RFC 9110 §8.8.3). */
  readonly etag: string;
}

/** The path that a media server reported, when it is one that this recording may have. */
async function allowedPath(id: string, uri: string, within: string | undefined): Promise<string | undefined> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== 'file:' || url.hostname !== '') return undefined;
  const path = fileURLToPath(url);
  if (basename(path) !== `${id}.wav`) return undefined;
  const folder = await realpath(dirname(path));
  if (within === undefined) return join(folder, basename(path));
  const root = await realpath(within);
  const inside = folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
  return inside ? join(folder, basename(path)) : undefined;
}

async function openRegular(path: string): Promise<OpenFile | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = await handle.stat();
  if (stat.isFile()) {
    return { handle, sizeBytes: stat.size, etag: `"${stat.size.toString(16)}-${stat.mtimeMs.toString(16)}"` };
  }
  await handle.close();
  return undefined;
}

/**
 * Opens the file of a recording. The name comes from a media server, so it is trusted for nothing: it has to be a
 * regular file, no link, named as we asked for, and inside of `within` when that is given. Undefined when it is not.
 */
export async function openRecordingFile(
  recording: { readonly id: string; readonly file?: string },
  within: string | undefined,
): Promise<OpenFile | undefined> {
  if (recording.file === undefined) return undefined;
  try {
    const path = await allowedPath(recording.id, recording.file, within);
    return path === undefined ? undefined : await openRegular(path);
  } catch {
    // Not there, not readable, a link, or no path at all: the same to the client.
    return undefined;
  }
}
