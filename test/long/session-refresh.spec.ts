import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from '../e2e/support/apps';
import { startControlPlane } from '../e2e/support/apps';
import { eventually } from '../e2e/support/eventually';
import { Rest } from '../e2e/support/rest';
import { sipp } from '../e2e/support/sipp';

const CALLER = 'caller-invites-then-is-refreshed-twice-then-hangs-up';
const CALLEE = 'callee-answers-then-refreshes-twice-then-takes-bye';
/** `Session-Expires` of both scenarios; without a refresh the call ends at two thirds of it (RFC 4028 §10). */
const INTERVAL_MS = 90_000;
const PATIENCE_S = 140;

describe('a call with Session-Expires: 90 on both sides', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-refresh-'));
  let control: ControlPlane | undefined;

  afterAll(async () => {
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'goes on past its interval: we refresh the caller twice, the callee refreshes us twice (RFC 4028 §9, §10)',
    async () => {
      const callee = await sipp({ scenario: CALLEE, cwd: folder, timeoutS: PATIENCE_S });
      const routes = join(folder, 'routes.json');
      const to = `sip:callee@127.0.0.1:${callee.port}`;
      writeFileSync(routes, JSON.stringify({ routes: [{ number: '1000', to, mode: 'direct' }] }));
      control = await startControlPlane({ LEGATO_ROUTES: routes, LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9' });
      const began = performance.now();
      const caller = await sipp({
        scenario: CALLER,
        remote: control.sip,
        cwd: folder,
        service: '1000',
        timeoutS: PATIENCE_S,
      });
      // The scenarios check each refresh and its answer: they fail when one is missing.
      expect(await caller.child.exitWithin(PATIENCE_S * 1000)).toBe(0);
      expect(await callee.child.exitWithin(10_000)).toBe(0);
      expect(performance.now() - began).toBeGreaterThan(INTERVAL_MS);
      const rest = new Rest(control.http);
      await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    },
    (PATIENCE_S + 30) * 1000,
  );
});
