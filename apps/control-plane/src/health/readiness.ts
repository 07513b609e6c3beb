import type { Readiness } from '@legato/contracts';
import type { Clock } from '@legato/kernel';

/** What has to work before calls can be taken. */
export interface ReadinessChecks {
  readonly store: () => Promise<boolean>;
  readonly mediaServer: () => boolean;
  readonly sip: () => boolean;
}

const word = (up: boolean) => (up ? 'up' : 'down');

/** A probe of an orchestrator usually waits for one second. */
const STORE_PATIENCE_MS = 800;

function withinPatience(answer: Promise<boolean>, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const patience = clock.schedule(STORE_PATIENCE_MS, () => resolve(false));
    const settle = (up: boolean) => {
      patience.cancel();
      resolve(up);
    };
    answer.then(settle, () => settle(false));
  });
}

/** Asks all checks; one that fails or takes too long is down. */
export async function readiness(checks: ReadinessChecks, clock: Clock): Promise<Readiness> {
  const store = await withinPatience(checks.store(), clock);
  const [mediaServer, sip] = [checks.mediaServer(), checks.sip()];
  return {
    status: store && mediaServer && sip ? 'ready' : 'not_ready',
    checks: { store: word(store), media_server: word(mediaServer), sip: word(sip) },
  };
}
