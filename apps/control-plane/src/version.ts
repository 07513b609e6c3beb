import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The product's version, from the nearest package.json above this file: there is one for sources and build alike. */
function readVersion(folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version?: string;
    };
    if (version !== undefined) return version;
  } catch {
    // Not here: one folder up.
  }
  const above = dirname(folder);
  return above === folder ? '0.0.0' : readVersion(above);
}

export const VERSION = readVersion(__dirname);
