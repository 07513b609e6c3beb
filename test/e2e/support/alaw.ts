/** Encodes a 16-bit sample as G.711 A-law (ITU-T G.711), written anew so that the engine does not test itself. */
export function encodeAlaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample));
  const segment = magnitude < 256 ? 0 : Math.floor(Math.log2(magnitude)) - 7;
  const code = segment === 0 ? magnitude >> 4 : (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  return code ^ (sample >= 0 ? 0xd5 : 0x55);
}

/** The sample in the middle of the step that a code of A-law stands for. */
export function decodeAlaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code & 0x70) >> 4;
  const step = code & 0x0f;
  const magnitude = segment === 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}
