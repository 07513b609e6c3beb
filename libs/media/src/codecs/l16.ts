import type { AudioCodec, AudioDecoder, AudioEncoder } from './codec';

const decoder: AudioDecoder = {
  decode(payload, start, end, samples, at) {
    const count = Math.min((end - start) >> 1, samples.length - at);
    for (let i = 0, from = start; i < count; i++, from += 2) {
      samples[at + i] = ((payload[from] as number) << 8) | (payload[from + 1] as number);
    }
    return count;
  },
};

const encoder: AudioEncoder = {
  encode(samples, count, payload, at) {
    for (let i = 0, to = at; i < count; i++, to += 2) {
      const sample = samples[i] as number;
      payload[to] = sample >> 8;
      payload[to + 1] = sample;
    }
    return count * 2;
  },
};

/** Linear samples of 16 bits in network byte order, one channel (RFC 3551 §4.5.11). */
export const l16 = (sampleRate: number): AudioCodec => ({
  name: `L16/${sampleRate}`,
  sampleRate,
  clockRate: sampleRate,
  samplesPerByte: 0.5,
  createDecoder: () => decoder,
  createEncoder: () => encoder,
});
