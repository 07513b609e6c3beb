import { sineWave, writeWav } from '@legato/media';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from '../e2e/support/apps';
import { startMediaServer } from '../e2e/support/apps';
import { eventually } from '../e2e/support/eventually';
import { curve } from './support/curve';
import { residentBytes } from './support/memory-of-processes';
import { SoakTally, soak } from './support/soak-scenes';
import { batches, trend } from './support/trend';

const MINUTES = Number(process.env.LEGATO_SOAK_MINUTES ?? 30);
const LEGS = Number(process.env.LEGATO_SOAK_LEGS ?? 200);
const SAMPLE_MS = 10_000;
/** A minute, or less so that a short soak has five batches. */
const SAMPLES_PER_BATCH = 6;
const BATCHES = 5;
const MIB = 2 ** 20;
const MINUTE_MS = 60_000;
/** Caches fill and code is compiled in the first quarter. */
const WARM_UP = 0.25;
/** What is flat: 1 KiB for each of the 4,000 calls of an hour would be 4 MiB. */
const FLAT_MIB_PER_HOUR = 12;
const ROOT = join(__dirname, '../..');

interface Sample {
  readonly atS: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly connections: number;
  readonly recordings: number;
  readonly received: number;
  readonly sent: number;
  readonly lateTicks: number;
}

/** Runs for LEGATO_SOAK_MINUTES (30) with LEGATO_SOAK_LEGS (200). */
describe('a soak of the media server', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-soak-')));
  const recordings = join(folder, 'recordings');
  let server: MediaServer;

  beforeAll(async () => {
    mkdirSync(join(folder, 'prompts'));
    const chime = writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1900, 1000));
    writeFileSync(join(folder, 'prompts', 'chime.wav'), chime);
    server = await startMediaServer({
      LEGATO_MS_RTP_PORTS: '0',
      LEGATO_MS_HTTP_PORT: '0',
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: join(folder, 'prompts'),
    });
  });

  afterAll(async () => {
    await server?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function metrics(): Promise<(name: string) => number> {
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}/metrics`);
    const lines = (await answer.text()).split('\n');
    return (name) => Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1));
  }

  async function sample(begun: number): Promise<Sample> {
    const value = await metrics();
    const resident = residentBytes(server.child.pid).reduce((sum, bytes) => sum + bytes, 0);
    return {
      atS: Math.round((performance.now() - begun) / 1000),
      residentMiB: resident / MIB,
      heapMiB: value('nodejs_heap_size_used_bytes') / MIB,
      connections: value('legato_ms_objects{kind="connections"}'),
      recordings: value('legato_ms_objects{kind="recordings"}'),
      received: value('legato_ms_rtp_packets_total{outcome="received"}'),
      sent: value('legato_ms_rtp_packets_total{outcome="sent"}'),
      lateTicks: value('legato_ms_ticks_total{outcome="late"}'),
    };
  }

  function write(samples: readonly Sample[], figures: object): void {
    const svg = curve(`Media server, ${LEGS} legs`, 'MiB', [
      {
        name: 'resident',
        colour: '#06c',
        points: samples.map(({ atS, residentMiB }) => ({ atS, value: residentMiB })),
      },
      {
        name: 'heap used',
        colour: '#c60',
        points: samples.map(({ atS, heapMiB }) => ({ atS, value: heapMiB })),
      },
    ]);
    mkdirSync(join(ROOT, 'bench-out'), { recursive: true });
    writeFileSync(
      join(ROOT, 'bench-out/media-soak.json'),
      `${JSON.stringify({ figures, samples }, undefined, 1)}\n`,
    );
    writeFileSync(join(ROOT, 'bench-out/media-soak.svg'), svg);
    if (process.env.LEGATO_WRITE_FIGURES) writeFileSync(join(ROOT, 'docs/figures/media-soak.svg'), svg);
  }

  it(
    'keeps its memory while conferences, recordings, dialogs and digits come and go',
    async () => {
      const begun = performance.now();
      const tally = new SoakTally();
      const samples: Sample[] = [];
      const isOver = () => performance.now() - begun > MINUTES * MINUTE_MS;
      const done = soak(LEGS, { sipPort: server.sipPort, recordings, isOver }, tally);
      const sampler = setInterval(() => void sample(begun).then((each) => samples.push(each)), SAMPLE_MS);
      await done.finally(() => clearInterval(sampler));
      const during = samples.filter(({ atS }) => atS * 1000 < MINUTES * MINUTE_MS);
      const warm = during.slice(Math.floor(during.length * WARM_UP));
      const size = Math.max(1, Math.min(SAMPLES_PER_BATCH, Math.floor(warm.length / BATCHES)));
      const resident = trend(
        batches(
          warm,
          size,
          (batch) => batch.reduce((sum, { residentMiB }) => sum + residentMiB, 0) / batch.length,
        ),
      );
      // Garbage comes and goes: what is left is the least of a minute.
      const heap = trend(batches(warm, size, (batch) => Math.min(...batch.map(({ heapMiB }) => heapMiB))));
      const { failures, ...counts } = tally;
      const figures = { minutes: MINUTES, legs: LEGS, resident, heap, ...counts, failures: failures.length };
      write(during, figures);
      process.stdout.write(`soak: ${JSON.stringify(figures)}\n`);
      expect(failures).toEqual([]);
      // Calls end and begin anew: now and then some are missing.
      expect(warm.reduce((sum, { connections }) => sum + connections, 0) / warm.length).toBeGreaterThan(
        LEGS * 0.95,
      );
      expect(resident.perHour - resident.confidence).toBeLessThan(FLAT_MIB_PER_HOUR);
      expect(heap.perHour - heap.confidence).toBeLessThan(FLAT_MIB_PER_HOUR);
      await eventually('nothing is left', async () => {
        const value = await metrics();
        const kinds = [
          'connections',
          'conferences',
          'dialogs',
          'recordings',
          'playbacks',
          'usages',
          'rtpPorts',
        ];
        return kinds.every((kind) => value(`legato_ms_objects{kind="${kind}"}`) === 0);
      });
    },
    (MINUTES + 5) * MINUTE_MS,
  );
});
