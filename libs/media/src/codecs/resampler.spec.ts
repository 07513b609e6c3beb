import { energyShareAt } from '../tones/goertzel';
import { sineWave } from '../tones/sine';
import { Resampler } from './resampler';

/** The whole of `input`, without the delay of the filter. */
function resample(input: Int16Array, inRate: number, outRate: number): Int16Array {
  const resampler = new Resampler(inRate, outRate);
  const padded = new Int16Array(input.length + resampler.delay * 2);
  padded.set(input);
  const output = new Int16Array(padded.length * Math.ceil(outRate / inRate));
  resampler.process(padded, padded.length, output);
  const skip = Math.round((resampler.delay * outRate) / inRate);
  return output.slice(skip, skip + Math.floor((input.length * outRate) / inRate));
}

const loudness = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

describe('resampling', () => {
  it.each([
    [48000, 8000],
    [44100, 8000],
    [16000, 8000],
    [11025, 8000],
    [8000, 16000],
    [8000, 48000],
    [16000, 48000],
  ])('keeps a tone from %d Hz to %d Hz: frequency, level and length', (inRate, outRate) => {
    const before = sineWave(1000, 500, inRate);
    const after = resample(before, inRate, outRate);
    expect(after).toHaveLength(outRate / 2);
    expect(energyShareAt(after, outRate, 1000)).toBeGreaterThan(0.97);
    expect(loudness(after) / loudness(before)).toBeCloseTo(1, 1);
  });

  it('removes what the lower rate can not hold instead of folding it back', () => {
    const folded = resample(sineWave(6000, 500, 16000), 16000, 8000);
    expect(loudness(folded.subarray(200, 3800))).toBeLessThan(loudness(sineWave(6000, 500, 16000)) / 100);
  });

  it('gives the same samples block by block as in one piece', () => {
    const input = sineWave(440, 200, 8000);
    const whole = new Int16Array(3200);
    new Resampler(8000, 16000).process(input, input.length, whole);
    const stream = new Resampler(8000, 16000);
    const pieces: number[] = [];
    const block = new Int16Array(320);
    for (let at = 0; at < input.length; at += 160) {
      expect(stream.process(input.subarray(at, at + 160), 160, block)).toBe(320);
      pieces.push(...block);
    }
    expect(Int16Array.from(pieces)).toEqual(whole);
  });

  it('does not overflow at full scale', () => {
    const square = Int16Array.from({ length: 1000 }, (_, i) => (i % 20 < 10 ? 32767 : -32768));
    const after = resample(square, 48000, 8000);
    for (let i = 1; i < after.length; i++) expect(Math.abs(after[i] as number)).toBeLessThanOrEqual(32768);
  });
});
