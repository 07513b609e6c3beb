import { sineWave } from '../tones/sine';
import { DtmfDetector } from './dtmf-detector';
import { fillDtmfTone } from './dtmf-tones';

const RATE = 8000;

function tone(digit: string, durationMs: number, levelDbm0 = -10, rate = RATE): Int16Array {
  const samples = new Int16Array((durationMs * rate) / 1000);
  fillDtmfTone(samples, digit, 0, rate, levelDbm0);
  return samples;
}

const silence = (durationMs: number, rate = RATE) => new Int16Array((durationMs * rate) / 1000);

function join(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

function detect(
  samples: Int16Array,
  rate = RATE,
): { digits: string; durations: number[]; toneFrames: number } {
  const found: [string, number][] = [];
  const detector = new DtmfDetector((digit, ms) => found.push([digit, ms]));
  let toneFrames = 0;
  const frame = rate / 50;
  for (let at = 0; at + frame <= samples.length; at += frame) {
    detector.hear(samples.subarray(at, at + frame), true);
    if (detector.toneHeard) toneFrames += 1;
  }
  for (let i = 0; i < 3; i++) detector.hear(silence(20), false);
  return { digits: found.map(([digit]) => digit).join(''), durations: found.map(([, ms]) => ms), toneFrames };
}

/** The same noise at each run. */
function noise(count: number, amplitude: number): Int16Array {
  let state = 99;
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state / 2 ** 32) * 2 - 1) * amplitude;
  });
}

describe('DTMF detector (ITU-T Q.24)', () => {
  it.each([8000, 16_000, 48_000])('hears every digit, at %d Hz', (rate) => {
    const keys = '0123456789*#ABCD';
    const pressed = [...keys].flatMap((key) => [tone(key, 80, -10, rate), silence(60, rate)]);
    expect(detect(join(...pressed), rate).digits).toBe(keys);
  });

  it('hears a digit of 40 ms wherever it lies, and the same digit twice', () => {
    for (let offset = 0; offset < 160; offset += 13) {
      const samples = join(new Int16Array(offset), tone('5', 40), silence(45), tone('5', 40), silence(100));
      expect(detect(samples).digits).toBe('55');
    }
  });

  it('tells how long the tone was', () => {
    for (const ms of [60, 100, 500, 2000]) {
      const [duration = 0] = detect(join(silence(100), tone('3', ms), silence(100))).durations;
      expect(Math.abs(duration - ms)).toBeLessThanOrEqual(20);
    }
  });

  it('hears weak digits, and digits in noise', () => {
    expect(detect(join(tone('7', 100, -30), silence(60))).digits).toBe('7');
    const noisy = join(silence(100), tone('7', 100, -6), silence(100));
    noise(noisy.length, 1500).forEach((sample, i) => (noisy[i] = (noisy[i] as number) + sample));
    expect(detect(noisy).digits).toBe('7');
  });

  it('bears a drop-out of 10 ms inside a digit', () => {
    const samples = tone('9', 200);
    samples.fill(0, 800, 860);
    expect(detect(join(samples, silence(60))).digits).toBe('9');
  });

  it('takes no single tones, clicks, short bursts, noise or twisted pairs for digits', () => {
    expect(detect(sineWave(697, 500)).digits).toBe('');
    expect(detect(sineWave(1336, 500)).digits).toBe('');
    expect(detect(join(silence(100), tone('1', 15), silence(100))).digits).toBe('');
    expect(detect(noise(16_000, 20_000)).digits).toBe('');
    expect(detect(silence(500)).digits).toBe('');
    const row = sineWave(770, 200, RATE, 8000);
    const twisted = sineWave(1336, 200, RATE, 1200).map((sample, i) => sample + (row[i] as number));
    expect(detect(Int16Array.from(twisted)).digits).toBe('');
  });

  it('takes a voice that glides through the frequencies for no digit', () => {
    const glide = Int16Array.from({ length: 16_000 }, (_, i) => {
      const t = i / RATE;
      const phase = 2 * Math.PI * (120 * t + 60 * t * t);
      let sum = 0;
      for (let harmonic = 1; harmonic <= 20; harmonic++) sum += Math.sin(harmonic * phase) / harmonic;
      return 4000 * sum;
    });
    expect(detect(glide).digits).toBe('');
  });

  it('knows of the tone before the digit is over, so that it can be muted', () => {
    expect(detect(join(silence(100), tone('1', 200), silence(100))).toneFrames).toBeGreaterThanOrEqual(9);
  });
});
