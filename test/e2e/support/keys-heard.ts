import { energyShareAt } from '@legato/media';

const ROWS_HZ = [697, 770, 852, 941];
const COLUMNS_HZ = [1209, 1336, 1477, 1633];
const KEYPAD = '123A456B789C*0#D';
const RATE = 8000;
/** Shorter than the tone of a key, and longer than what energies are measured over. */
const WINDOW = (RATE * 60) / 1000;
/** Of each of the two tones of a key: neither voices nor other tones have both. */
const LEAST_SHARE = 0.05;

/** The keys whose tones (ITU-T Q.23) are anywhere in 8 kHz samples, whatever else is heard with them. */
export function keysHeard(samples: Int16Array): string {
  let heard = '';
  let last = '';
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW / 3) {
    const window = samples.subarray(at, at + WINDOW);
    const loudest = (frequencies: readonly number[]) =>
      frequencies.findIndex((hz) => energyShareAt(window, RATE, hz) > LEAST_SHARE);
    const [row, column] = [loudest(ROWS_HZ), loudest(COLUMNS_HZ)];
    const key = row < 0 || column < 0 ? '' : KEYPAD.charAt(row * 4 + column);
    if (key !== '' && key !== last) heard += key;
    last = key;
  }
  return heard;
}
