import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from './support/apps';
import { startMediaServer } from './support/apps';
import { msmlBodiesSentTo, schemaFaults } from './support/msml-bodies';
import { sipp } from './support/sipp';
import { tonePcap } from './support/tone-pcap';

const SCENARIO = 'application-server-runs-a-conference';
const CALLS = 5;
/** Results of five requests, and three events. */
const BODIES_PER_CALL = 8;
const VOICE_HZ = 440;

/** The media server is driven by somebody else: SIPp, by a script. */
describe('SIPp as application server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const recordings = join(folder, 'recordings');
  let media: MediaServer;

  beforeAll(async () => {
    for (const name of ['recordings', 'prompts']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'tone.pcap'), tonePcap(VOICE_HZ, 20_000));
    const prompt = writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1500, 1000));
    writeFileSync(join(folder, 'prompts', 'tone.wav'), prompt);
    media = await startMediaServer({
      LEGATO_MS_RTP_PORTS: '0',
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: join(folder, 'prompts'),
    });
  });

  afterAll(async () => {
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has conferences recorded and digits collected, and every body it gets is valid by the schema (xmllint)', async () => {
    const { child } = await sipp({
      scenario: SCENARIO,
      remote: media.sip,
      cwd: folder,
      calls: CALLS,
      extra: ['-r', String(CALLS)],
    });
    const code = await child.exitWithin(50_000);
    if (code !== 0) throw new Error(`SIPp ended with ${code}\n${child.tail()}`);
    for (let call = 1; call <= CALLS; call += 1) {
      const wav = readWav(readFileSync(join(recordings, `room${call}.wav`)));
      if (!wav.ok) throw new Error(wav.error);
      expect(wav.value.samples.length).toBe(8000);
      expect(energyShareAt(wav.value.samples.subarray(1600), 8000, VOICE_HZ)).toBeGreaterThan(0.9);
    }
    const bodies = msmlBodiesSentTo(folder, SCENARIO);
    expect(bodies).toHaveLength(BODIES_PER_CALL * CALLS);
    expect(schemaFaults(bodies).flat()).toEqual([]);
  });
});
