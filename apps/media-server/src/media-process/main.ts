import { systemClock } from '@legato/kernel';
import { createLogger } from '@legato/observability';
import { constants, setPriority } from 'node:os';
import { readConfig } from '../config/config';
import { LocalMedia } from './local-media';
import type { FromMedia, ToMedia } from './messages';
import { serveMedia } from './serve-media';
import { sharedNowMs } from './shared-time';

const BEAT_MS = 500;

function send(message: FromMedia): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

/** A tick that waits behind another process is late. Only who may do so goes before others. */
function goBeforeOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_ABOVE_NORMAL);
  } catch {
    // Not permitted: all are alike.
  }
}

/** The media process: begins and ends with the signalling that forked it. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.ok) throw new Error(config.error.join('\n'));
  const log = createLogger({ level: config.value.logLevel, name: 'media-server' });
  const media = new LocalMedia({ config: config.value, clock: systemClock, log });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void media.stop().finally(() => process.exit(0));
  };
  const receive = serveMedia({ media, send, sharedNowMs, onStop: stop, log });
  process.on('message', (message) => receive(message as ToMedia));
  // Nobody is left who could end what runs: recordings are finished, and that is all.
  const orphan = (): void => {
    if (!isStopping) log.warn('the signalling is gone: the media stop', { event: 'media_process.orphaned' });
    void media.endDialogs().finally(stop);
  };
  process.once('disconnect', orphan);
  // A terminal sends them to the whole group; the signalling says when it is time.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  // One defect must not end every call.
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
  goBeforeOthers();
  await media.start();
  setInterval(() => send({ kind: 'beat', ...media.ticks }), BEAT_MS);
  if (!process.connected) orphan();
  send({ kind: 'ready' });
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The media can not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
