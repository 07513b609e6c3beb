import { systemClock } from '@legato/kernel';
import { createLogger } from '@legato/observability';
import { readConfig } from './config/config';
import { forkMedia } from './media-process/fork-media';
import { RemoteMedia } from './media-process/remote-media';
import { sharedNowMs } from './media-process/shared-time';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.ok) {
    for (const complaint of config.error) process.stderr.write(`${complaint}\n`);
    process.exitCode = 1;
    return;
  }
  const log = createLogger({ level: config.value.logLevel, name: 'media-server' });
  const media = new RemoteMedia({ clock: systemClock, log, sharedNowMs, spawn: forkMedia });
  // It starts while the rest is loaded; that it fails is seen below.
  media.start().catch(() => undefined);
  const { createMediaServer } = await import('./media-server.js');
  const server = await createMediaServer(config.value, { media, log });
  const { host, port } = server.sipAddress;
  const { recordingsDir, promptsDir } = config.value;
  log.info('media_server.ready', {
    event: 'media_server.ready',
    sip: `sip:${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...(server.httpPort === undefined ? {} : { http_port: server.httpPort }),
    recordings_dir: recordingsDir,
    prompts_dir: promptsDir,
  });
  process.send?.({ ready: true, sipPort: port, httpPort: server.httpPort });
  const stop = (): void => {
    log.info('media server stops', { event: 'media_server.stopping' });
    void server.close().then(() => process.exit(0));
  };
  // One defect must not end every call.
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The media server can not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
