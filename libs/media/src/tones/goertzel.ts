/** Windows are about this long: 25 Hz of resolution. */
const WINDOW_MS = 40;

/** The squared magnitude of one frequency in `count` samples from `start` (Goertzel's algorithm). */
export function goertzelPower(
  samples: Int16Array,
  start: number,
  count: number,
  coefficient: number,
): number {
  let previous = 0;
  let beforePrevious = 0;
  for (let i = start; i < start + count; i++) {
    const current = (samples[i] as number) + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  return previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
}

/** The factor of the recursion for `frequencyHz`. */
export function goertzelCoefficient(frequencyHz: number, sampleRate: number): number {
  return 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRate);
}

/**
 * The share (0..1) of the energy of 16-bit samples that lies at `frequencyHz`, over windows of about 40 ms that hold whole
 * periods; 0 for silence and for fewer samples than a window.
 */
export function energyShareAt(samples: Int16Array, sampleRate: number, frequencyHz: number): number {
  const period = sampleRate / frequencyHz;
  const periods = Math.max(1, Math.round(((WINDOW_MS / 1000) * sampleRate) / period));
  const window = Math.round(periods * period);
  const coefficient = goertzelCoefficient(frequencyHz, sampleRate);
  let atFrequency = 0;
  let total = 0;
  for (let start = 0; start + window <= samples.length; start += window) {
    atFrequency += (2 * goertzelPower(samples, start, window, coefficient)) / window;
    for (let i = start; i < start + window; i++) total += (samples[i] as number) ** 2;
  }
  return total === 0 ? 0 : Math.min(1, atFrequency / total);
}
