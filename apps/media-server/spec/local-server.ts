import { silentLog, systemClock } from '@legato/kernel';
import { LocalMedia } from '../src/media-process/local-media';
import type { MediaServer } from '../src/media-server';
import { createMediaServer } from '../src/media-server';
import { testConfig } from './test-config';

/** A media server of a test, signalling and media in its process. */
export function localServer(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<MediaServer> {
  const config = testConfig(folder, env);
  const media = new LocalMedia({ config, clock: systemClock, log: silentLog });
  return createMediaServer(config, { media, log: silentLog });
}
