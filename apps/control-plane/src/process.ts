import type { Log } from '@legato/kernel';
import { scrubText } from '@legato/observability';

/** How long an orderly end may take. */
const STOP_DEADLINE_MS = 10_000;

/** One line per reason on standard error, and exit code 1. */
export function failStart(reasons: readonly string[]): never {
  for (const reason of reasons)
    process.stderr.write(`control-plane: ${scrubText(reason).replaceAll('\n', ' ')}\n`);
  process.exit(1);
}

/** Stops on SIGTERM and SIGINT, once and in order; a second signal or the deadline ends the process at once. */
export function runUntilSignal(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info('control_plane.stopping', { signal });
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('stop failed', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // A fault in one request is not the end of the calls.
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
}
