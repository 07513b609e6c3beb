import { constants } from 'node:fs';
import { open, readdir, realpath, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RECORDING_ID } from '@legato/contracts';
import type { ByteSpan, OpenMedia } from './open-media';

/** A recording as far as its file goes. */
export interface FiledRecording {
  readonly id: string;
  /** As the media server named it. */
  readonly file?: string | undefined;
}

const MANIFEST_SUFFIX = '.json';
const LARGEST_MANIFEST = 1024 * 1024;
const WAV = '.wav';

async function openRegular(path: string): Promise<FileHandle | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** A file of the recordings folder. */
export interface RecordingFile {
  readonly id: string;
  readonly path: string;
  readonly modifiedAt: number;
}

/**
 * The files of recordings, where this node can reach them. The names come from media servers, so they are trusted for
 * nothing: a file has to be a regular one, no link, named as we asked for, and inside of `within` when that is given.
 */
export class RecordingFiles {
  constructor(readonly within: string | undefined) {}

  /** Undefined when it is not there, not readable or not ours: the same to the client. */
  async open(recording: FiledRecording): Promise<OpenMedia | undefined> {
    const path = await this.pathOf(recording);
    if (path === undefined) return undefined;
    const handle = await openRegular(path).catch(() => undefined);
    if (!handle) return undefined;
    const { size, mtimeMs } = await handle.stat();
    return {
      sizeBytes: size,
      etag: `"${size.toString(16)}-${mtimeMs.toString(16)}"`,
      read: ({ first, last }: ByteSpan) =>
        Promise.resolve(handle.createReadStream({ start: first, end: last, autoClose: false })),
      close: () => handle.close(),
    };
  }

  /** The text of the manifest beside a recording. */
  async manifest(recording: FiledRecording): Promise<string | undefined> {
    const path = await this.pathOf(recording);
    if (path === undefined) return undefined;
    const handle = await openRegular(path + MANIFEST_SUFFIX).catch(() => undefined);
    try {
      if (!handle || (await handle.stat()).size > LARGEST_MANIFEST) return undefined;
      return await handle.readFile('utf8');
    } finally {
      await handle?.close();
    }
  }

  /** Removes a recording and its manifest. Rejects when they are there and can not be removed. */
  async remove(recording: FiledRecording): Promise<void> {
    const path = await this.pathOf(recording);
    if (path !== undefined) await this.removePath(path);
  }

  async removePath(path: string): Promise<void> {
    for (const each of [path, path + MANIFEST_SUFFIX]) {
      await unlink(each).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
  }

  manifestPath(path: string): string {
    return path + MANIFEST_SUFFIX;
  }

  /** The finished recordings of the folder. */
  async list(): Promise<RecordingFile[]> {
    const folder = this.within;
    if (folder === undefined) return [];
    const names = await readdir(folder).catch(() => []);
    const files = names
      .filter((name) => name.endsWith(WAV) && RECORDING_ID.test(name.slice(0, -WAV.length)))
      .map(async (name) => {
        const path = join(folder, name);
        const found = await stat(path).catch(() => undefined);
        return found?.isFile() ? [{ id: name.slice(0, -WAV.length), path, modifiedAt: found.mtimeMs }] : [];
      });
    return (await Promise.all(files)).flat();
  }

  /** The path that a media server reported, when it is one that this recording may have. */
  async pathOf({ id, file }: FiledRecording): Promise<string | undefined> {
    const url = file !== undefined && URL.canParse(file) ? new URL(file) : undefined;
    if (url?.protocol !== 'file:' || url.hostname !== '') return undefined;
    try {
      const path = fileURLToPath(url);
      if (basename(path) !== `${id}${WAV}`) return undefined;
      const folder = await realpath(dirname(path));
      if (this.within === undefined) return join(folder, basename(path));
      const root = await realpath(this.within);
      const isInside = folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
      return isInside ? join(folder, basename(path)) : undefined;
    } catch {
      return undefined;
    }
  }
}
