import { readWav, sineWave, writeWav } from '@legato/media';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trimFinalSilence } from './trim-silence';

describe('trimming final silence (§9.7.4)', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'legato-trim-'));
    path = join(folder, 'a.wav');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (channels: number, ...parts: Int16Array[]) =>
    writeFileSync(
      path,
      writeWav({ sampleRate: 8000, channels }, Int16Array.from(parts.flatMap((part) => [...part]))),
    );
  const framesLeft = (): number => {
    const wav = readWav(readFileSync(path));
    if (!wav.ok) throw new Error(wav.error);
    return wav.value.samples.length / wav.value.channels;
  };

  it('leaves the sound and 200 ms, however long the silence was', async () => {
    write(1, sineWave(440, 1000), new Int16Array(80_000));
    const lengthMs = await trimFinalSilence(path);
    expect(lengthMs).toBeGreaterThanOrEqual(1195);
    expect(lengthMs).toBeLessThanOrEqual(1200);
    expect(framesLeft() / 8).toBeCloseTo(lengthMs ?? 0, 0);
  });

  it('keeps whole frames of two channels, when only one of them speaks', async () => {
    const stereo = new Int16Array(32_000);
    for (let frame = 0; frame < 8000; frame++) stereo[2 * frame] = frame % 2 ? 9000 : -9000;
    write(2, stereo);
    expect(await trimFinalSilence(path)).toBe(1200);
    expect(framesLeft()).toBe(9600);
  });

  it('takes line noise for silence', async () => {
    const noise = Int16Array.from({ length: 16_000 }, (_value, at) => (at % 2 ? 100 : -100));
    write(1, sineWave(440, 500), noise);
    expect(await trimFinalSilence(path)).toBeLessThanOrEqual(700);
  });

  it('touches nothing that ends with sound, and nothing that is no such file', async () => {
    write(1, sineWave(440, 500));
    expect(await trimFinalSilence(path)).toBe(500);
    writeFileSync(path, 'no wave');
    expect(await trimFinalSilence(path)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('no wave');
  });
});
