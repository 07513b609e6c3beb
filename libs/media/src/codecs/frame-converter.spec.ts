import { energyShareAt } from '../tones/goertzel';
import { sineWave } from '../tones/sine';
import { FrameConverter } from './frame-converter';

/** All frames of a tone at one rate, converted to another. */
function convert(converter: FrameConverter, from: number, to: number): Int16Array {
  const samples = sineWave(700, 400, from);
  const frame = from / 50;
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += frame) {
    const converted = converter.convert(samples.subarray(at, at + frame), to);
    expect(converted).toHaveLength(to / 50);
    parts.push(...converted);
  }
  return Int16Array.from(parts);
}

describe('frame converter', () => {
  it('follows a stream that changes its rate, and one that is wanted at another', () => {
    const converter = new FrameConverter();
    for (const [from, to] of [
      [8000, 16_000],
      [16_000, 8000],
      [48_000, 8000],
      [48_000, 16_000],
      [8000, 48_000],
      [16_000, 48_000],
    ] as const) {
      expect(energyShareAt(convert(converter, from, to), to, 700)).toBeGreaterThan(0.95);
    }
  });

  it('gives a frame of the wanted rate as it is', () => {
    const frame = new Int16Array(160);
    expect(new FrameConverter().convert(frame, 8000)).toBe(frame);
  });
});
