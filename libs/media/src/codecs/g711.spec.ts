import { A_LAW_DECODE, MU_LAW_DECODE, PCMA, PCMU } from './g711';

function throughCodec(codec: typeof PCMU, sample: number): number {
  const payload = new Uint8Array(1);
  const samples = new Int16Array(1);
  codec.createEncoder().encode(Int16Array.of(sample), 1, payload, 0);
  codec.createDecoder().decode(payload, 0, 1, samples, 0);
  return samples[0] as number;
}

describe('G.711 (RFC 3551 §4.5.14)', () => {
  it('decodes the reference values of both laws', () => {
    expect([0xff, 0x7f, 0x80, 0x00, 0x2a].map((code) => MU_LAW_DECODE[code])).toEqual([
      0, 0, 32124, -32124, -5372,
    ]);
    expect([0xd5, 0x55, 0xaa, 0x2a, 0x80].map((code) => A_LAW_DECODE[code])).toEqual([
      8, -8, 32256, -32256, 5504,
    ]);
  });

  it.each([
    ['PCMU', PCMU, MU_LAW_DECODE],
    ['PCMA', PCMA, A_LAW_DECODE],
  ])('%s encodes every decoded value to itself', (_name, codec, table) => {
    for (const sample of table) expect(throughCodec(codec, sample)).toBe(sample);
  });

  it.each([
    ['PCMU', PCMU],
    ['PCMA', PCMA],
  ])('%s picks a code within half a step of the sample, for every sample', (_name, codec) => {
    for (let sample = -32768; sample <= 32767; sample += 7) {
      const error = Math.abs(throughCodec(codec, sample) - sample);
      expect(error).toBeLessThanOrEqual(
        Math.max(8, Math.abs(sample) / 30 + 4) + (Math.abs(sample) > 32124 ? 650 : 0),
      );
    }
  });

  it('decodes no more than there is room for', () => {
    const samples = new Int16Array(4);
    expect(PCMU.createDecoder().decode(new Uint8Array(10), 0, 10, samples, 1)).toBe(3);
  });
});
