import type { IdSource } from '@legato/kernel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME_BYTES = 12;

/** Files that live as long as what plays them, in a folder that nobody else reads. */
export class ScratchFolder {
  private path: string | undefined;

  constructor(private readonly ids: IdSource) {}

  /** Writes a file and returns its path. Throws what the file system throws. */
  write(bytes: Uint8Array): string {
    this.path ??= mkdtempSync(join(tmpdir(), 'legato-media-server-'));
    const path = join(this.path, `${this.ids.token(NAME_BYTES)}.wav`);
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
    return path;
  }

  remove(path: string): void {
    rmSync(path, { force: true });
  }

  /** Removes the folder with all that is left in it. */
  close(): void {
    if (this.path !== undefined) rmSync(this.path, { recursive: true, force: true });
    this.path = undefined;
  }
}
