import { armCrashPoint } from '@legato/kernel';
import { createLogger } from '@legato/observability';
import { createCallEngine } from './calls/create-call-engine';
import { readConfig } from './config/config';
import { createControlPlane } from './control-plane';
import { failStart, runUntilSignal } from './process';

async function main(): Promise<void> {
  // Read in tests alone, so that no variable can bring a system down.
  const crashAt = process.env['NODE_ENV'] === 'test' ? process.env['LEGATO_CRASH_AT'] : undefined;
  if (crashAt !== undefined) armCrashPoint(crashAt);
  const config = readConfig(process.env);
  if (!config.ok) return failStart(config.error);
  const log = createLogger({ level: config.value.logLevel, name: 'control-plane' });
  const controlPlane = await createControlPlane({ config: config.value, log, engine: createCallEngine });
  runUntilSignal(() => controlPlane.stop(), log);
  await controlPlane.start();
  process.send?.({ event: 'control_plane.ready', sip: controlPlane.sip, http: controlPlane.http });
}

main().catch((error: unknown) => failStart([error instanceof Error ? error.message : String(error)]));
