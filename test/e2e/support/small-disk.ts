import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIZE_KIB = 1024;
const BLOCK = 4096;
const BALLAST = 'ballast';
const MOUNT = `mount -t tmpfs -o size=${SIZE_KIB}k,mode=700 legato "$0"`;
/** In a mount namespace of its own, so that nothing is left however the process ends; as root of a user namespace when we are none. */
const NAMESPACE = ['unshare', process.getuid?.() === 0 ? '-m' : '-rm', 'sh', '-c'];

/**
 * A file system of 1 MiB that a process has in the place of `folder`, and that can be filled up. Where no file system may
 * be mounted (a container without rights) the kernel refuses to let a file grow beyond a size instead.
 */
export class SmallDisk {
  private readonly canMount: boolean;
  private pid = 0;

  constructor(private readonly folder: string) {
    const [command = '', ...args] = [...NAMESPACE, MOUNT, folder];
    this.canMount = spawnSync(command, args).status === 0;
  }

  /** What the process is started with. `limitBytes` is how large a file may grow where nothing can be mounted. */
  wrapper(limitBytes: number): string[] {
    if (this.canMount) return [...NAMESPACE, `${MOUNT} && exec "$@"`, this.folder];
    process.stderr.write('No file system can be mounted here: files are limited by ulimit instead\n');
    return ['sh', '-c', `ulimit -f ${Math.ceil(limitBytes / 512)}; exec "$@"`, this.folder];
  }

  startedAs(pid: number): void {
    this.pid = pid;
  }

  /** The folder as the process sees it, by a path that everybody may use. */
  get path(): string {
    return this.canMount ? `/proc/${this.pid}/root${this.folder}` : this.folder;
  }

  /** Leaves room for so much, in whole blocks. */
  fill(roomBytes: number): void {
    if (!this.canMount) return;
    const { bavail } = statfsSync(this.path);
    const blocks = bavail - Math.ceil(roomBytes / BLOCK);
    writeFileSync(join(this.path, BALLAST), Buffer.alloc(blocks * BLOCK, 1));
  }

  free(): void {
    rmSync(join(this.path, BALLAST), { force: true });
  }
}
