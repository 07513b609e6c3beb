/** The one beat of the engine; every frame holds this much audio. */
export const FRAME_MS = 20;
export const FRAMES_PER_SECOND = 1000 / FRAME_MS;

/** Samples of a frame at a sample rate. */
export const frameSamples = (sampleRate: number): number => (sampleRate * FRAME_MS) / 1000;

/** Adds `frame` to `sum`, which has room for the sum of 65,536 full-scale frames. */
export function addFrame(sum: Int32Array, frame: Int16Array): void {
  for (let i = 0; i < sum.length; i++) (sum[i] as number) += frame[i] as number;
}

/** Writes `sum` to `frame`, limited to 16 bits. */
export function saturate(sum: Int32Array, frame: Int16Array): void {
  for (let i = 0; i < sum.length; i++) {
    const sample = sum[i] as number;
    frame[i] = sample > 32767 ? 32767 : sample < -32768 ? -32768 : sample;
  }
}

/** Writes `sum` without `part` to `frame`, limited to 16 bits: what a member of a conference hears. */
export function saturateWithout(sum: Int32Array, part: Int16Array, frame: Int16Array): void {
  for (let i = 0; i < sum.length; i++) {
    const sample = (sum[i] as number) - (part[i] as number);
    frame[i] = sample > 32767 ? 32767 : sample < -32768 ? -32768 : sample;
  }
}
