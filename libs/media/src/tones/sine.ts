const DEFAULT_AMPLITUDE = 8000;

/** A sine of 16-bit samples; the amplitude is that of its peak (8000 is about -12 dB of full scale). */
export function sineWave(
  frequencyHz: number,
  durationMs: number,
  sampleRate = 8000,
  amplitude = DEFAULT_AMPLITUDE,
): Int16Array {
  const samples = new Int16Array(Math.round((durationMs * sampleRate) / 1000));
  const step = (2 * Math.PI * frequencyHz) / sampleRate;
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(amplitude * Math.sin(step * i));
  return samples;
}
