import fc from 'fast-check';
import { readWav } from './wav-reader';
import { writeWav } from './wav-writer';

/** A file with the given fmt fields, chunks before the samples, and the size that the data chunk claims. */
function file(fields: {
  encoding?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  before?: Buffer;
  data: Buffer;
  claimed?: number;
  extensible?: boolean;
}) {
  const fmt = Buffer.alloc(8 + (fields.extensible ? 40 : 16));
  fmt.write('fmt ');
  fmt.writeUInt32LE(fmt.length - 8, 4);
  fmt.writeUInt16LE(fields.extensible ? 0xfffe : (fields.encoding ?? 1), 8);
  fmt.writeUInt16LE(fields.channels ?? 1, 10);
  fmt.writeUInt32LE(fields.rate ?? 8000, 12);
  fmt.writeUInt16LE(fields.bits ?? 16, 22);
  if (fields.extensible) fmt.writeUInt16LE(fields.encoding ?? 1, 32);
  const data = Buffer.alloc(8);
  data.write('data');
  data.writeUInt32LE(fields.claimed ?? fields.data.length, 4);
  return Buffer.concat([
    Buffer.from('RIFF\0\0\0\0WAVE'),
    fmt,
    fields.before ?? Buffer.alloc(0),
    data,
    fields.data,
  ]);
}

const samplesOf = (bytes: Uint8Array) => {
  const wav = readWav(bytes);
  if (!wav.ok) throw new Error(wav.error);
  return [...wav.value.samples];
};

const PCM16 = Buffer.from([1, 0, 0xfe, 0xff, 0, 0x80]);

describe('WAV', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 200 }), fc.constantFrom(1, 2), (values, channels) => {
        const samples = values.subarray(0, values.length - (values.length % channels));
        const wav = readWav(writeWav({ sampleRate: 16000, channels }, samples));
        expect(wav).toEqual({ ok: true, value: { sampleRate: 16000, channels, samples } });
      }),
    );
  });

  it('reads 16-bit, 8-bit, A-law, µ-law and extensible samples', () => {
    expect(samplesOf(file({ data: PCM16 }))).toEqual([1, -2, -32768]);
    expect(samplesOf(file({ bits: 8, data: Buffer.from([0, 128, 255]) }))).toEqual([-32768, 0, 32512]);
    expect(samplesOf(file({ encoding: 6, bits: 8, data: Buffer.from([0xd5, 0x2a]) }))).toEqual([8, -32256]);
    expect(samplesOf(file({ encoding: 7, bits: 8, data: Buffer.from([0xff, 0]) }))).toEqual([0, -32124]);
    expect(samplesOf(file({ extensible: true, data: PCM16 }))).toEqual([1, -2, -32768]);
  });

  it('skips chunks that it does not know, of odd length too', () => {
    const before = Buffer.from('LIST\x03\0\0\0abc\0junk\0\0\0\0', 'latin1');
    expect(samplesOf(file({ before, data: PCM16 }))).toEqual([1, -2, -32768]);
  });

  it.each([0, 4_000_000_000, 0xffffffff])(
    'reads to the end of a file that was never finished (size %d)',
    (claimed) => {
      expect(samplesOf(file({ data: PCM16, claimed }))).toEqual([1, -2, -32768]);
    },
  );

  it('leaves out half a frame at the end', () => {
    expect(samplesOf(file({ data: PCM16, channels: 2 }))).toEqual([1, -2]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another format', Buffer.from('OggS and more than enough')],
    ['24-bit samples', file({ bits: 24, data: PCM16 })],
    ['three channels', file({ channels: 3, data: PCM16 })],
    ['96 kHz', file({ rate: 96000, data: PCM16 })],
    ['zero Hz', file({ rate: 0, data: PCM16 })],
    ['a compressed encoding', file({ encoding: 85, data: PCM16 })],
    ['no samples', file({ data: PCM16 }).subarray(0, 36)],
    ['samples before their format', Buffer.from('RIFF\0\0\0\0WAVEdata\x02\0\0\0\x01\0', 'latin1')],
  ])('refuses %s with a reason', (_name, bytes) => {
    const wav = readWav(bytes);
    expect(wav.ok).toBe(false);
    expect(wav.ok ? '' : wav.error).not.toBe('');
  });

  it('never throws, whatever the bytes', () => {
    const valid = file({ data: PCM16, before: Buffer.from('LIST\x02\0\0\0ab', 'latin1') });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 12 }),
        fc.nat(valid.length),
        (edits, cut) => {
          const bytes = Buffer.from(valid);
          for (const [at, value] of edits) bytes[at] = value;
          expect(typeof readWav(bytes.subarray(0, cut)).ok).toBe('boolean');
        },
      ),
      { numRuns: 1000 },
    );
  });
});
