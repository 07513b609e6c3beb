import { energyShareAt } from './goertzel';
import { sineWave } from './sine';

describe('tones', () => {
  it.each([8000, 16000, 44100, 48000])('finds a sine at its frequency and nowhere else (%d Hz)', (rate) => {
    const samples = sineWave(440, 500, rate);
    expect(samples).toHaveLength(rate / 2);
    expect(energyShareAt(samples, rate, 440)).toBeGreaterThan(0.99);
    for (const other of [200, 350, 600, 1000, 3000])
      expect(energyShareAt(samples, rate, other)).toBeLessThan(0.05);
  });

  it('shares the energy of two sines between them, whatever silence lies around', () => {
    const low = sineWave(440, 500);
    const high = sineWave(880, 500, 8000, 4000);
    const mixed = new Int16Array(12000);
    low.forEach((sample, i) => (mixed[i + 4000] = sample + (high[i] as number)));
    expect(energyShareAt(mixed, 8000, 440)).toBeGreaterThan(0.7);
    expect(energyShareAt(mixed, 8000, 880)).toBeGreaterThan(0.15);
  });

  it('is zero for silence, for nothing and for frequencies that make no sense', () => {
    expect(energyShareAt(new Int16Array(8000), 8000, 440)).toBe(0);
    expect(energyShareAt(new Int16Array(0), 8000, 440)).toBe(0);
    expect(energyShareAt(sineWave(440, 100), 8000, 0)).toBe(0);
  });

  it('survives a part that is missing', () => {
    const samples = sineWave(440, 1000);
    samples.fill(0, 3000, 3160);
    const spliced = Int16Array.from([...samples.subarray(0, 2000), ...samples.subarray(2077)]);
    expect(energyShareAt(spliced, 8000, 440)).toBeGreaterThan(0.95);
  });
});
