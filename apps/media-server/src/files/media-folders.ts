import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { FileUri } from './file-uri.parser';
import { parseFileUri } from './file-uri.parser';

/** What a recording's manifest is called; a recording of that name would spoil it. */
const MANIFEST = /\.json(\.new)?$/i;

/** One folder that clients may name files of; `path` as configured, `real` without symbolic links. */
class Folder {
  readonly real: string;

  constructor(private readonly path: string) {
    this.real = realPathOf(path);
  }

  /** The absolute path that `uri` means, or undefined when it lies outside or behind a symbolic link. */
  resolve(uri: FileUri): string | undefined {
    const inside = this.inside(uri);
    return inside === undefined || inside.length === 0 || this.hasLink(inside)
      ? undefined
      : join(this.real, ...inside);
  }

  /** Whether `uri` means something here, but behind a symbolic link. */
  isLinked(uri: FileUri): boolean {
    return this.hasLink(this.inside(uri) ?? []);
  }

  private inside(uri: FileUri): readonly string[] | undefined {
    return uri.absolute ? this.below(`/${uri.segments.join('/')}`) : uri.segments;
  }

  private below(absolute: string): string[] | undefined {
    for (const root of new Set([this.path, this.real])) {
      const prefix = root.endsWith(sep) ? root : root + sep;
      if (absolute.startsWith(prefix)) return absolute.slice(prefix.length).split(sep);
    }
    return undefined;
  }

  private hasLink(segments: readonly string[]): boolean {
    let path = this.real;
    for (const segment of segments) {
      path = join(path, segment);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (!stat) return false;
      if (stat.isSymbolicLink()) return true;
    }
    return false;
  }
}

/** The path without symbolic links; of a folder that is not there, the path as it is. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Where prompts come from and recordings go. Clients name files below these two folders and nothing else. */
export class MediaFolders {
  private readonly prompts: Folder;
  private readonly recordings: Folder;

  /** Makes the recordings folder when it is not there; throws what the file system throws when it can not be made. */
  constructor(folders: { readonly promptsDir: string; readonly recordingsDir: string }) {
    mkdirSync(folders.recordingsDir, { recursive: true });
    this.prompts = new Folder(folders.promptsDir);
    this.recordings = new Folder(folders.recordingsDir);
  }

  /** Absolute, without symbolic links. */
  get recordingsPath(): string {
    return this.recordings.real;
  }

  /** The path to record to. The error is for a response 410. */
  recordingPath(uri: string): Result<string, string> {
    const path = this.find(uri, [this.recordings]);
    return path.ok && MANIFEST.test(path.value) ? err('the name is kept for manifests') : path;
  }

  /** The path of something to play: a prompt, or a recording. */
  promptPath(uri: string): Result<string, string> {
    return this.find(uri, [this.prompts, this.recordings]);
  }

  /** The path of a dialog that is started by reference: it lies with the prompts, where clients can not write. */
  scriptPath(uri: string): Result<string, string> {
    return this.find(uri, [this.prompts]);
  }

  /** Makes the folders between the recordings folder and `path`. Throws what the file system throws. */
  prepare(path: string): void {
    const folder = dirname(path);
    if (folder !== this.recordings.real) mkdirSync(folder, { recursive: true });
  }

  private find(uri: string, folders: readonly Folder[]): Result<string, string> {
    const parsed = parseFileUri(uri);
    if (!parsed.ok) return parsed;
    if (folders.some((folder) => folder.isLinked(parsed.value)))
      return err('the URI leads through a symbolic link');
    const paths = folders.map((folder) => folder.resolve(parsed.value)).filter((path) => path !== undefined);
    const path = paths.find(exists) ?? paths[0];
    return path === undefined ? err('the URI does not name a file below the folder') : ok(path);
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
