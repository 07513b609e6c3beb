import { energyShareAt } from '../tones/goertzel';
import { sineWave } from '../tones/sine';
import { readWavLayout } from './wav-reader';
import { WavSource } from './wav-source';
import { writeWav } from './wav-writer';

function sourceOf(samples: Int16Array, sampleRate: number, channels: number, outRate: number): WavSource {
  const bytes = writeWav({ sampleRate, channels }, samples);
  const layout = readWavLayout(bytes);
  if (!layout.ok) throw new Error(layout.error);
  return new WavSource(bytes, layout.value, outRate);
}

/** Everything that is left, pulled in frames of 20 ms. */
function drain(source: WavSource, rate: number): Int16Array {
  const parts: number[] = [];
  const frame = new Int16Array(rate / 50);
  for (let count = source.pull(frame, 0); count > 0; count = source.pull(frame, 0)) {
    parts.push(...frame.subarray(0, count));
  }
  return Int16Array.from(parts);
}

describe('WAV source', () => {
  it('gives a file of its own rate as it is, to the last sample', () => {
    const samples = sineWave(440, 333, 8000);
    expect(drain(sourceOf(samples, 8000, 1, 8000), 8000)).toEqual(samples);
  });

  it.each([8000, 11025, 16000, 22050, 44100, 48000])('brings %d Hz stereo to 8 kHz mono', (rate) => {
    const left = sineWave(440, 500, rate);
    const both = new Int16Array(left.length * 2);
    left.forEach((sample, i) => (both[i * 2] = sample));
    const mono = drain(sourceOf(both, rate, 2, 8000), 8000);
    expect(mono.length).toBeGreaterThan(3900);
    expect(mono.length).toBeLessThanOrEqual(4001);
    expect(energyShareAt(mono, 8000, 440)).toBeGreaterThan(0.97);
    expect(Math.max(...mono)).toBeLessThan(5000);
  });

  it('goes on at another rate from where it is', () => {
    const source = sourceOf(sineWave(440, 1000, 8000), 8000, 1, 8000);
    const first = new Int16Array(4000);
    source.pull(first, 0);
    source.retune(16000);
    const rest = drain(source, 16000);
    expect(Math.abs(rest.length - 8000)).toBeLessThan(50);
    expect(energyShareAt(rest, 16000, 440)).toBeGreaterThan(0.97);
  });

  it('goes on from where it is told to', () => {
    const source = sourceOf(
      Int16Array.from({ length: 800 }, (_, i) => i),
      8000,
      1,
      8000,
    );
    source.seek(50);
    expect(drain(source, 8000)[0]).toBe(400);
    source.seek(-5);
    expect(drain(source, 8000)).toHaveLength(800);
    source.seek(1000);
    expect(drain(source, 8000)).toHaveLength(0);
    expect(source.durationMs).toBe(100);
  });
});
