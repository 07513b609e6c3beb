import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder of `apps/media-server` that comes with the project, from wherever below it this file was built to; undefined when it is not there. */
export function shippedFolder(name: string): string | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'apps', 'media-server', name);
    if (existsSync(found)) return found;
  }
  return undefined;
}
