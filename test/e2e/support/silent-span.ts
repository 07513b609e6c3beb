/** What line noise of A-law may amount to. */
const HARDLY_HEARD = 50;
const SAMPLES_PER_MS = 8;

/** The longest stretch of 8 kHz samples in which nothing is heard, in milliseconds. */
export function silentSpanMs(samples: Int16Array): number {
  let [longest, current] = [0, 0];
  for (const sample of samples) {
    current = Math.abs(sample) < HARDLY_HEARD ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest / SAMPLES_PER_MS;
}
