import { join } from 'node:path';
import type { MediaServerConfig } from '../src/config/config';
import { readConfig } from '../src/config/config';

/** The configuration of a server of a test: free ports, everything below `folder`, no log; `env` adds to it. */
export function testConfig(folder: string, env: Readonly<Record<string, string>> = {}): MediaServerConfig {
  const config = readConfig({
    LEGATO_MS_SIP_PORT: '0',
    LEGATO_MS_RTP_PORTS: '0',
    LEGATO_MS_RECORDINGS_DIR: join(folder, 'rec'),
    LEGATO_MS_PROMPTS_DIR: join(folder, 'prompts'),
    LEGATO_LOG_LEVEL: 'silent',
    ...env,
  });
  if (!config.ok) throw new Error(config.error.join('\n'));
  return config.value;
}
