/** Bytes of the header that {@link wavHeader} makes. */
export const WAV_HEADER_BYTES = 44;

const BYTES_PER_SAMPLE = 2;
const LARGEST_UINT32 = 0xffffffff;

export interface WavFormat {
  sampleRate: number;
  channels: number;
}

/** The header of a 16-bit PCM WAV file with `dataBytes` of samples; sizes beyond 32 bits are given as the largest there is. */
export function wavHeader(format: WavFormat, dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  const frameBytes = format.channels * BYTES_PER_SAMPLE;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(LARGEST_UINT32, WAV_HEADER_BYTES - 8 + dataBytes), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(format.channels, 22);
  header.writeUInt32LE(format.sampleRate, 24);
  header.writeUInt32LE(format.sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(Math.min(LARGEST_UINT32, dataBytes), 40);
  return header;
}

/** A whole WAV file of 16-bit PCM; `samples` are interleaved. */
export function writeWav(format: WavFormat, samples: Int16Array): Buffer {
  const file = Buffer.alloc(WAV_HEADER_BYTES + samples.length * BYTES_PER_SAMPLE);
  wavHeader(format, samples.length * BYTES_PER_SAMPLE).copy(file);
  for (let i = 0; i < samples.length; i++) {
    file.writeInt16LE(samples[i] as number, WAV_HEADER_BYTES + i * BYTES_PER_SAMPLE);
  }
  return file;
}
