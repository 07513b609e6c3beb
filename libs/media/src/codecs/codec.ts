/** Turns payloads into samples, in order; keeps the state that the encoding has. */
export interface AudioDecoder {
  /** Decodes `payload[start..end)` to `samples[at..]`, as much as there is room for; returns the count of samples. Never throws. */
  decode(payload: Uint8Array, start: number, end: number, samples: Int16Array, at: number): number;
}

export interface AudioEncoder {
  /** Encodes the first `count` samples to `payload[at..]`; returns the count of bytes. */
  encode(samples: Int16Array, count: number, payload: Uint8Array, at: number): number;
}

/** An encoding of RFC 3551 §4.5, always of one channel. */
export interface AudioCodec {
  readonly name: string;
  /** Samples a second. */
  readonly sampleRate: number;
  /** RTP timestamp units a second: not the same for G.722 (RFC 3551 §4.5.2). */
  readonly clockRate: number;
  /** Samples in one byte of payload: what tells a packet's length before it is decoded. */
  readonly samplesPerByte: number;
  createDecoder(): AudioDecoder;
  createEncoder(): AudioEncoder;
}
