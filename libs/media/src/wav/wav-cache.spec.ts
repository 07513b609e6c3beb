import fs from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave } from '../tones/sine';
import { WavCache } from './wav-cache';
import { writeWav } from './wav-writer';

const FORMAT = { sampleRate: 8000, channels: 1 };

describe('WAV cache', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wav-cache-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function file(name: string, durationMs: number): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, writeWav(FORMAT, sineWave(440, durationMs)));
    return path;
  }

  it('reads a file once, and again when it has changed', async () => {
    const cache = new WavCache();
    const path = await file('a.wav', 100);
    const first = await cache.load(path);
    expect((await cache.load(path)).bytes).toBe(first.bytes);
    await file('a.wav', 200);
    await utimes(path, 1, 1);
    const second = await cache.load(path);
    expect(second.layout.dataBytes).toBe(3200);
    expect(cache.size).toBe(1);
  });

  it('forgets the files that were played longest ago, and keeps no large ones', async () => {
    const cache = new WavCache(4000, 2000);
    const [a = '', b = '', c = ''] = await Promise.all(
      ['a', 'b', 'c'].map((name) => file(`${name}.wav`, 100)),
    );
    const kept = (await cache.load(a)).bytes;
    const forgotten = (await cache.load(b)).bytes;
    expect((await cache.load(a)).bytes).toBe(kept);
    await cache.load(c);
    expect(cache.size).toBe(2);
    expect((await cache.load(a)).bytes).toBe(kept);
    expect((await cache.load(b)).bytes).not.toBe(forgotten);
    await cache.load(await file('large.wav', 200));
    expect(cache.size).toBe(2);
  });

  it('refuses what is no file, too large, or no WAV, and says which', async () => {
    const cache = new WavCache();
    await expect(cache.load(directory)).rejects.toThrow(`${directory}: not a file`);
    const huge = join(directory, 'huge.wav');
    await writeFile(huge, '');
    fs.truncateSync(huge, 200 * 1024 * 1024);
    await expect(cache.load(huge)).rejects.toThrow('larger than 128 MiB');
    const junk = join(directory, 'junk.wav');
    await writeFile(junk, 'junk');
    await expect(cache.load(junk)).rejects.toThrow(`${junk}: not a RIFF/WAVE file`);
    expect(cache.size).toBe(0);
  });
});
