import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillDtmfTone } from '../dtmf/dtmf-tones';
import { readWav } from '../wav/wav-reader';
import { sineWave } from './sine';
import { ToneDetector } from './tone-detector';

const VOICES = join(__dirname, '../../../../apps/media-server/voices/en');

/** Of the frames of 20 ms, which are a tone. */
function judge(samples: Int16Array, rate = 8000): boolean[] {
  const detector = new ToneDetector();
  const frame = rate / 50;
  const count = Math.floor(samples.length / frame);
  return Array.from({ length: count }, (_, at) =>
    detector.hear(samples.subarray(at * frame, (at + 1) * frame)),
  );
}

const together = (a: Int16Array, b: Int16Array): Int16Array => a.map((sample, at) => sample + (b[at] ?? 0));

describe('tones other than those of keys', () => {
  it.each([
    ['dial tone, 350 and 440 Hz', together(sineWave(350, 400), sineWave(440, 400)), 8000],
    ['busy tone, 480 and 620 Hz', together(sineWave(480, 400), sineWave(620, 400)), 8000],
    ['a tone of 425 Hz', sineWave(425, 400), 8000],
    ['a beep of 1 kHz', sineWave(1000, 400), 8000],
    ['a fax, 2100 Hz, at 16 kHz', sineWave(2100, 400, 16_000), 16_000],
    ['a weak tone', sineWave(1400, 400, 8000, 400), 8000],
  ])('%s is one from its fourth frame on', (_what, samples, rate) => {
    const frames = judge(samples, rate);
    expect(frames.slice(0, 3)).toEqual([false, false, false]);
    expect(frames.slice(3).every((each) => each)).toBe(true);
  });

  it.each([...'0159#D'])('key %s is none', (digit) => {
    const tone = new Int16Array(3200);
    fillDtmfTone(tone, digit, 0, 8000);
    expect(judge(tone)).not.toContain(true);
  });

  it('silence, noise and voices are none', () => {
    expect(judge(new Int16Array(1600))).not.toContain(true);
    expect(
      judge(Int16Array.from({ length: 8000 }, (_, at) => ((at * 7919) % 20_000) - 10_000)),
    ).not.toContain(true);
    const frames = readdirSync(VOICES).flatMap((name) => {
      const wav = readWav(readFileSync(join(VOICES, name)));
      return wav.ok ? judge(wav.value.samples) : [];
    });
    expect(frames.length).toBeGreaterThan(2000);
    expect(frames.filter((each) => each).length / frames.length).toBeLessThan(0.01);
  });
});
