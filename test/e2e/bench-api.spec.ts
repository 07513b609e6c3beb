import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './support/child';

const SCRIPT = join(__dirname, '../../scripts/bench-api.mjs');
const DEADLINE_MS = 80_000;
const SMALL = ['--calls', '6', '--readers', '5', '--record', '0.5', '--seconds', '0.5'];

interface Percentiles {
  p50Ms: number;
  p99Ms: number;
}

describe('npm run bench:api', () => {
  it(
    'measures each of its figures, and nothing is lost',
    async () => {
      const out = mkdtempSync(join(tmpdir(), 'legato-bench-'));
      const bench = new Child('bench-api', process.execPath, [SCRIPT, ...SMALL, '--out', out]);
      expect(await bench.exitWithin(DEADLINE_MS).finally(() => bench.stop())).toBe(0);
      const { recording, conference, events, webhooks } = JSON.parse(
        readFileSync(join(out, 'bench-api.json'), 'utf8'),
      ) as {
        recording: { calls: number; accepted: Percentiles; started: Percentiles };
        conference: { joins: number; joinsPerSecond: number };
        events: { readers: number; deliveredPerSecond: number; lost: number };
        webhooks: { webhooks: number; perSecond: number; lost: number };
      };
      rmSync(out, { recursive: true, force: true });
      expect(recording.calls).toBe(6);
      for (const { p50Ms, p99Ms } of [recording.accepted, recording.started]) {
        expect(p50Ms).toBeGreaterThan(0);
        expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
      }
      expect(conference).toMatchObject({ joins: 6 });
      expect(conference.joinsPerSecond).toBeGreaterThan(0);
      expect(events).toMatchObject({ readers: 5, lost: 0 });
      expect(events.deliveredPerSecond).toBeGreaterThan(0);
      expect(webhooks.lost).toBe(0);
      expect(webhooks.webhooks).toBeGreaterThan(0);
      expect(webhooks.perSecond).toBeGreaterThan(0);
    },
    DEADLINE_MS,
  );
});
