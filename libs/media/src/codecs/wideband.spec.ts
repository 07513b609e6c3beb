import { createHash } from 'node:crypto';
import { energyShareAt } from '../tones/goertzel';
import { sineWave } from '../tones/sine';
import { codecNamed } from './codec-table';
import { G722 } from './g722';
import { l16 } from './l16';

/** Digests of what ffmpeg 5.1 makes of the same samples. */
const REFERENCE = ['a5a8358088558354', 'b30974098a7da351'];

/** The same noise at each run. */
function noise(count: number, amplitude: number): Int16Array {
  let state = 12345;
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return ((state >>> 16) - 32768) * amplitude;
  });
}

function through(codec: typeof G722, samples: Int16Array): { bytes: Uint8Array; samples: Int16Array } {
  const payload = new Uint8Array(samples.length * 2);
  const bytes = payload.subarray(0, codec.createEncoder().encode(samples, samples.length, payload, 0));
  const decoded = new Int16Array(samples.length);
  expect(codec.createDecoder().decode(bytes, 0, bytes.length, decoded, 0)).toBe(samples.length);
  return { bytes, samples: decoded };
}

const digest = (data: Uint8Array | Int16Array) =>
  createHash('sha256')
    .update(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')
    .slice(0, 16);

describe('G.722 (RFC 3551 §4.5.2)', () => {
  it('gives the bytes and samples of the reference implementation', () => {
    const quiet = sineWave(300, 250, 16000, 900);
    const loud = noise(4000, 1);
    const mixed = Int16Array.from({ length: 8000 }, (_, i) =>
      i < 4000 ? (quiet[i] as number) : (loud[i - 4000] as number),
    );
    const { bytes, samples } = through(G722, mixed);
    expect(bytes).toHaveLength(4000);
    expect([digest(bytes), digest(samples)]).toEqual(REFERENCE);
  });

  it.each([300, 1000, 3000, 6000])('keeps a tone of %d Hz: both bands work', (frequency) => {
    const before = sineWave(frequency, 500, 16000);
    expect(energyShareAt(through(G722, before).samples.subarray(400), 16000, frequency)).toBeGreaterThan(0.9);
  });

  it('counts time in units of 8 kHz, as the registration does by mistake', () => {
    expect([G722.sampleRate, G722.clockRate, G722.samplesPerByte]).toEqual([16000, 8000, 2]);
  });

  it('decodes no more than there is room for', () => {
    expect(G722.createDecoder().decode(new Uint8Array(100), 0, 100, new Int16Array(33), 1)).toBe(32);
  });
});

describe('L16 (RFC 3551 §4.5.11)', () => {
  it('keeps every sample, in network byte order', () => {
    const samples = Int16Array.of(0, 1, -1, 32767, -32768, 258);
    const through16 = through(l16(16000), samples);
    expect(through16.samples).toEqual(samples);
    expect([...through16.bytes.slice(-2)]).toEqual([1, 2]);
  });

  it('leaves out half a sample', () => {
    expect(l16(8000).createDecoder().decode(new Uint8Array(5), 0, 5, new Int16Array(10), 0)).toBe(2);
  });
});

describe('codec table', () => {
  it('knows the codecs by name and no others', () => {
    for (const name of ['PCMU', 'PCMA', 'G722', 'L16/8000', 'L16/16000', 'L16/48000']) {
      expect(codecNamed(name)?.name).toBe(name);
    }
    expect(codecNamed('opus')).toBeUndefined();
  });
});
