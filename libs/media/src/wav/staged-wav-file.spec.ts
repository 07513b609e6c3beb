import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave } from '../tones/sine';
import { repairStagedRecordings } from './repair';
import { StagedWavFile } from './staged-wav-file';
import { readWav } from './wav-reader';
import { writeWav } from './wav-writer';

const FRAME = 160;
const MONO = { sampleRate: 8000, channels: 1 };
const STEREO = { sampleRate: 8000, channels: 2 };

let directory: string;
let path: string;
const failures: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'staged-wav-'));
  path = join(directory, 'a.wav');
  failures.length = 0;
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rm(directory, { recursive: true });
});

const begin = (format = MONO, append = false) =>
  new StagedWavFile(path, format, append, (error) => failures.push(error.message));

/** Frames whose samples are all the frame's number. */
function feed(file: StagedWavFile, frames: number, from = 0): void {
  for (let n = from; n < from + frames; n++) {
    file.append(new Int16Array(FRAME).fill(n), new Int16Array(FRAME).fill(-n), FRAME);
  }
}

async function read(name = path) {
  const wav = readWav(await readFile(name));
  if (!wav.ok) throw new Error(wav.error);
  return wav.value;
}

/** Waits for the disk: until `condition` holds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('did not happen');
}

describe('staged WAV file', () => {
  it('holds every sample, at its place, under its final name', async () => {
    const file = begin();
    feed(file, 37);
    await file.finish();
    expect((await read()).samples).toEqual(
      Int16Array.from({ length: 37 * FRAME }, (_, i) => Math.floor(i / FRAME)),
    );
    expect(await readdir(directory)).toEqual(['a.wav']);
    expect((await stat(path)).size).toBe(44 + 37 * FRAME * 2);
  });

  it('interleaves two channels, and takes part of a frame', async () => {
    const file = begin(STEREO);
    file.append(Int16Array.of(1, 2, 3), Int16Array.of(-1, -2, -3), 2);
    await file.finish();
    expect([...(await read()).samples]).toEqual([1, -1, 2, -2]);
  });

  it('is a valid file while it grows: what it holds is half a second old at most, its sizes a second more', async () => {
    const file = begin();
    await until(async () => (await readdir(directory)).includes('a.wav.part'));
    feed(file, 200);
    await until(async () => (await stat(`${path}.part`)).size >= 44 + 175 * FRAME * 2);
    await until(async () => (await readFile(`${path}.part`)).readUInt32LE(40) >= 125 * FRAME * 2);
    const { samples } = await read(`${path}.part`);
    expect(samples.length).toBeGreaterThanOrEqual(125 * FRAME);
    expect(samples[124 * FRAME]).toBe(124);
    await file.finish();
  });

  it('continues a file of the same format', async () => {
    await writeFile(path, writeWav(MONO, Int16Array.of(7, 8, 9)));
    const file = begin(MONO, true);
    feed(file, 1, 5);
    await file.finish();
    expect([...(await read()).samples]).toEqual([7, 8, 9, ...new Array<number>(FRAME).fill(5)]);
  });

  it('cuts off what it is told to, but nothing of the file that it continued', async () => {
    await writeFile(path, writeWav(MONO, Int16Array.of(7, 8, 9)));
    const file = begin(MONO, true);
    feed(file, 2, 5);
    await file.finish(FRAME + 1);
    expect((await read()).samples).toHaveLength(3 + FRAME - 1);
    const again = begin(MONO, true);
    feed(again, 1);
    await again.finish(9999);
    expect((await read()).samples).toHaveLength(3 + FRAME - 1);
  });

  it('begins a new file when there is none to continue', async () => {
    const file = begin(MONO, true);
    feed(file, 2);
    await file.finish();
    expect((await read()).samples).toHaveLength(2 * FRAME);
  });

  it('does not continue a file of another format, and leaves it as it was', async () => {
    const other = writeWav(STEREO, sineWave(440, 20));
    await writeFile(path, other);
    const file = begin(MONO, true);
    feed(file, 20);
    await expect(file.finish()).rejects.toThrow('can not continue');
    expect(failures).toHaveLength(1);
    expect(await readFile(path)).toEqual(other);
  });

  it('fails where another recording writes to the same name', async () => {
    const first = begin();
    await until(async () => (await readdir(directory)).length > 0);
    const second = begin();
    await expect(second.finish()).rejects.toThrow('EEXIST');
    expect(failures).toHaveLength(1);
    feed(first, 3);
    await first.finish();
    expect((await read()).samples).toHaveLength(3 * FRAME);
  });

  it('follows no symbolic link', async () => {
    const elsewhere = join(directory, 'elsewhere');
    await writeFile(elsewhere, 'mine');
    await symlink(elsewhere, `${path}.part`);
    await expect(begin().finish()).rejects.toThrow();
    expect(await readFile(elsewhere, 'utf8')).toBe('mine');
  });

  it('reports a disk error once and keeps what was written before it', async () => {
    const file = begin();
    feed(file, 20);
    await until(
      async () => (await stat(`${path}.part`).catch(() => ({ size: 0 }))).size > 44 + 10 * FRAME * 2,
    );
    jest.spyOn(fs, 'write').mockImplementation((...args: unknown[]) => {
      const callback = args.at(-1) as (error: Error) => void;
      setImmediate(() => callback(new Error('ENOSPC')));
    });
    feed(file, 40, 20);
    await until(() => Promise.resolve(failures.length > 0));
    feed(file, 40, 60);
    await expect(file.finish()).rejects.toThrow('ENOSPC');
    expect(failures).toEqual(['ENOSPC']);
    expect((await read()).samples[10 * FRAME]).toBe(10);
  });

  it('gives up on a disk that hangs for ten seconds of audio, without growing', async () => {
    const file = begin();
    await until(async () => (await readdir(directory)).length > 0);
    let release: (() => void) | undefined;
    jest.spyOn(fs, 'write').mockImplementation((...args: unknown[]) => {
      const callback = args.at(-1) as (error: null, count: number) => void;
      release ??= () => callback(null, (args[1] as Buffer).length);
    });
    feed(file, 600);
    await until(() => Promise.resolve(failures.length > 0));
    expect(failures).toEqual(['the disk does not keep up']);
    const finished = file.finish().catch((error: Error) => error.message);
    release?.();
    expect(await finished).toBe('the disk does not keep up');
  });

  it('continues after a write that took only a part', async () => {
    const real = fs.write;
    jest
      .spyOn(fs, 'write')
      .mockImplementation(((
        fd: number,
        bytes: Buffer,
        at: number,
        length: number,
        position: number,
        done: () => void,
      ) => real(fd, bytes, at, Math.min(length, 100), position, done)) as unknown as typeof fs.write);
    const file = begin();
    feed(file, 5, 1);
    await file.finish();
    expect((await read()).samples).toEqual(
      Int16Array.from({ length: 5 * FRAME }, (_, i) => 1 + Math.floor(i / FRAME)),
    );
  });

  it('leaves nothing behind when it is discarded', async () => {
    const file = begin();
    feed(file, 30);
    await file.discard();
    feed(file, 30);
    expect(await readdir(directory)).toEqual([]);
  });

  it('says so when the directory does not exist', async () => {
    path = join(directory, 'missing', 'a.wav');
    const file = begin();
    await expect(file.finish()).rejects.toThrow('ENOENT');
    await begin().discard();
  });
});

describe('repair of staged recordings', () => {
  it('finishes what a crash left: sizes that were never patched, half a frame at the end', async () => {
    const samples = sineWave(440, 100);
    const crashed = writeWav(STEREO, samples);
    crashed.writeUInt32LE(0, 4);
    crashed.writeUInt32LE(0, 40);
    await writeFile(`${path}.part`, Buffer.concat([crashed, Buffer.from([1, 2, 3])]));
    expect(await repairStagedRecordings(directory)).toEqual([path]);
    expect(await readdir(directory)).toEqual(['a.wav']);
    expect(await readFile(path)).toEqual(writeWav(STEREO, samples));
  });

  it('marks the manifest of what it finished, and bears one that is broken', async () => {
    const samples = sineWave(440, 100);
    for (const [name, manifest] of [
      ['a.wav', '{"callId":"call_1","state":"recording"}'],
      ['b.wav', '{"callId":'],
    ] as const) {
      await writeFile(join(directory, `${name}.part`), writeWav(MONO, samples));
      await writeFile(join(directory, `${name}.json`), manifest);
    }
    expect(await repairStagedRecordings(directory)).toHaveLength(2);
    const sha256 = createHash('sha256').update(writeWav(MONO, samples)).digest('hex');
    expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toEqual({
      callId: 'call_1',
      state: 'recovered',
      samples: 800,
      sha256,
    });
    expect(await readFile(join(directory, 'b.wav.json'), 'utf8')).toBe('{"callId":');
  });

  it('deletes what holds no audio, leaves what it does not understand, and reads nothing else', async () => {
    await writeFile(join(directory, 'empty.wav.part'), writeWav(MONO, new Int16Array(0)));
    await writeFile(join(directory, 'torn.wav.part'), 'RIFF');
    await writeFile(join(directory, 'other.part'), Buffer.alloc(100));
    await writeFile(join(directory, 'b.wav'), 'untouched');
    expect(await repairStagedRecordings(directory)).toEqual([]);
    expect((await readdir(directory)).sort()).toEqual(['b.wav', 'other.part']);
  });

  it('rejects when there is no such directory', async () => {
    await expect(repairStagedRecordings(join(directory, 'missing'))).rejects.toThrow('ENOENT');
  });
});
