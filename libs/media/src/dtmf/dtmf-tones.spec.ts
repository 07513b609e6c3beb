import { meanSquare, toDbm0 } from '../mixer/level';
import { energyShareAt } from '../tones/goertzel';
import { digitOfKey, dtmfFrequencies, dtmfTones, fillDtmfTone } from './dtmf-tones';

describe('DTMF tones (ITU-T Q.23)', () => {
  it('knows the keypad', () => {
    expect(dtmfFrequencies('1')).toEqual([697, 1209]);
    expect(dtmfFrequencies('0')).toEqual([941, 1336]);
    expect(dtmfFrequencies('d')).toEqual([941, 1633]);
    expect(dtmfFrequencies('x')).toBeUndefined();
    expect(digitOfKey(3, 2)).toBe('#');
  });

  it('shares the energy between the two frequencies of the digit', () => {
    const tone = new Int16Array(4000);
    fillDtmfTone(tone, '8', 0, 8000);
    expect(energyShareAt(tone, 8000, 852)).toBeCloseTo(0.5, 1);
    expect(energyShareAt(tone, 8000, 1336)).toBeCloseTo(0.5, 1);
    expect(Math.max(...tone)).toBeLessThan(32767);
  });

  it('makes tones of digits, with their pauses, at a level (RFC 5707 §9.7.2)', () => {
    const samples = dtmfTones('1x#', { durationMs: 80, intervalMs: 40, levelDbm0: -20 });
    expect(samples).toHaveLength(240 * 8);
    expect(energyShareAt(samples.subarray(0, 640), 8000, 697)).toBeGreaterThan(0.4);
    expect(samples.subarray(640, 960).every((sample) => sample === 0)).toBe(true);
    expect(energyShareAt(samples.subarray(960, 1600), 8000, 1477)).toBeGreaterThan(0.4);
    expect(toDbm0(meanSquare(samples.subarray(0, 640)))).toBeCloseTo(-20, 0);
    expect(dtmfTones('1'.repeat(9999))).toHaveLength(60_000 * 8);
    expect(dtmfTones('1', { durationMs: 0, intervalMs: 0 })).toHaveLength(0);
  });

  it('continues a tone from frame to frame without a step', () => {
    const whole = new Int16Array(320);
    const second = new Int16Array(160);
    fillDtmfTone(whole, '5', 0, 8000);
    fillDtmfTone(second, '5', 160, 8000);
    expect(second).toEqual(whole.slice(160));
  });
});
