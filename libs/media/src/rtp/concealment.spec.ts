import { energyShareAt } from '../tones/goertzel';
import { sineWave } from '../tones/sine';
import { PitchConcealment } from './concealment';

const RATE = 8000;
const MS = RATE / 1000;

const loudness = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
const largestStep = (samples: Int16Array) =>
  samples.slice(1).reduce((most, sample, i) => Math.max(most, Math.abs(sample - (samples[i] as number))), 0);

/** A tone of which the samples from `from` to `to` were lost, in packets of 20 ms. */
function withLoss(frequencyHz: number, fromMs: number, toMs: number, rate = RATE): Int16Array {
  const samples = sineWave(frequencyHz, 400, rate);
  const concealment = new PitchConcealment(rate);
  const frame = rate / 50;
  for (let at = 0; at < samples.length; at += frame) {
    const ms = (at * 1000) / rate;
    if (ms >= fromMs && ms < toMs) concealment.conceal(samples, at, at + frame);
    else concealment.hear(samples, at, at + frame);
  }
  return samples;
}

describe('loss concealment (the idea of ITU-T G.711 Appendix I)', () => {
  it.each([8000, 16_000, 48_000])(
    'goes on with the voice for one lost packet, without a click (%d Hz)',
    (rate) => {
      const lossy = withLoss(210, 200, 220, rate);
      const gap = lossy.subarray((200 * rate) / 1000, (220 * rate) / 1000);
      expect(loudness(gap)).toBeGreaterThan(4000);
      expect(energyShareAt(lossy, rate, 210)).toBeGreaterThan(0.95);
      expect(largestStep(lossy)).toBeLessThan(4 * largestStep(sineWave(210, 400, rate)) + 20);
    },
  );

  it('fades out, and is silent after 60 ms', () => {
    const lossy = withLoss(210, 200, 320);
    expect(loudness(lossy.subarray(240 * MS, 260 * MS))).toBeLessThan(
      loudness(lossy.subarray(200 * MS, 220 * MS)) * 0.6,
    );
    expect(loudness(lossy.subarray(260 * MS, 320 * MS))).toBe(0);
    const concealment = new PitchConcealment(RATE);
    concealment.hear(sineWave(210, 40), 0, 320);
    const frame = new Int16Array(160);
    expect([1, 2, 3, 4].map(() => concealment.conceal(frame, 0, 160))).toEqual([true, true, true, false]);
  });

  it('makes nothing out of silence, and bears noise', () => {
    const concealment = new PitchConcealment(RATE);
    const frame = new Int16Array(160).fill(9);
    concealment.hear(new Int16Array(160), 0, 160);
    expect(concealment.conceal(frame, 0, 160)).toBe(false);
    expect(loudness(frame)).toBe(0);
    const noise = Int16Array.from({ length: 320 }, (_, i) => (i * 7919) % 65_536);
    concealment.hear(noise, 0, 320);
    expect(concealment.conceal(frame, 0, 160)).toBe(true);
    expect(loudness(frame)).toBeGreaterThan(0);
  });

  it('looks for a period once, however long a party says nothing: most parties do', () => {
    const looked = jest.spyOn(
      PitchConcealment.prototype as unknown as { findPeriod(): number },
      'findPeriod',
    );
    const concealment = new PitchConcealment(RATE);
    const frame = new Int16Array(160);
    for (let tick = 0; tick < 500; tick += 1) concealment.conceal(frame, 0, 160);
    expect(looked).toHaveBeenCalledTimes(1);
    looked.mockRestore();
  });
});
