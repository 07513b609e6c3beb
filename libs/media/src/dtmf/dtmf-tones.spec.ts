import { energyShareAt } from '../tones/goertzel';
import { digitOfKey, dtmfFrequencies, fillDtmfTone } from './dtmf-tones';

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

  it('continues a tone from frame to frame without a step', () => {
    const whole = new Int16Array(320);
    const second = new Int16Array(160);
    fillDtmfTone(whole, '5', 0, 8000);
    fillDtmfTone(second, '5', 160, 8000);
    expect(second).toEqual(whole.slice(160));
  });
});
