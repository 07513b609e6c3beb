import type { AudioCodec } from './codec';

/** Moves the segments of the µ-law curve to powers of two, in the 16-bit scale. */
const MU_LAW_BIAS = 0x84;
const MU_LAW_CLIP = 32635;

function muLawToLinear(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const magnitude = ((((inverted & 0x0f) << 3) + MU_LAW_BIAS) << exponent) - MU_LAW_BIAS;
  return (inverted & 0x80) !== 0 ? -magnitude : magnitude;
}

function linearToMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const biased = Math.min(Math.abs(sample), MU_LAW_CLIP) + MU_LAW_BIAS;
  const exponent = 24 - Math.clz32(biased >> 0);
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function aLawToLinear(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled >> 4) & 0x07;
  const mantissa = ((toggled & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (toggled & 0x80) !== 0 ? magnitude : -magnitude;
}

function linearToALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = Math.min(sample < 0 ? ~sample : sample, 32767);
  const exponent = magnitude < 256 ? 0 : 24 - Math.clz32(magnitude);
  const mantissa = exponent === 0 ? magnitude >> 4 : (magnitude >> (exponent + 3)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

const SAMPLE_VALUES = 65536;

function decodeTable(toLinear: (code: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, code) => toLinear(code));
}

/** Indexed by the sample as an unsigned 16-bit number. */
function encodeTable(fromLinear: (sample: number) => number): Uint8Array {
  return Uint8Array.from({ length: SAMPLE_VALUES }, (_, value) => fromLinear((value << 16) >> 16));
}

/** µ-law code to 16-bit sample (ITU-T G.711). */
export const MU_LAW_DECODE: Int16Array = decodeTable(muLawToLinear);
/** A-law code to 16-bit sample (ITU-T G.711). */
export const A_LAW_DECODE: Int16Array = decodeTable(aLawToLinear);
const MU_LAW_ENCODE = encodeTable(linearToMuLaw);
const A_LAW_ENCODE = encodeTable(linearToALaw);

function g711(name: 'PCMU' | 'PCMA', decoding: Int16Array, encoding: Uint8Array): AudioCodec {
  const decoder = {
    decode(payload: Uint8Array, start: number, end: number, samples: Int16Array, at: number): number {
      const count = Math.min(end - start, samples.length - at);
      for (let i = 0; i < count; i++) samples[at + i] = decoding[payload[start + i] as number] as number;
      return count;
    },
  };
  const encoder = {
    encode(samples: Int16Array, count: number, payload: Uint8Array, at: number): number {
      for (let i = 0; i < count; i++) payload[at + i] = encoding[(samples[i] as number) & 0xffff] as number;
      return count;
    },
  };
  return {
    name,
    sampleRate: 8000,
    clockRate: 8000,
    samplesPerByte: 1,
    createDecoder: () => decoder,
    createEncoder: () => encoder,
  };
}

/** RFC 3551 §4.5.14. */
export const PCMU: AudioCodec = g711('PCMU', MU_LAW_DECODE, MU_LAW_ENCODE);
export const PCMA: AudioCodec = g711('PCMA', A_LAW_DECODE, A_LAW_ENCODE);
