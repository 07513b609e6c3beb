import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

/** A 16-bit WAV file as the engine writes it (RIFF, 44 bytes of header). */
const HEADER_BYTES = 44;
const RIFF_SIZE_AT = 4;
const CHANNELS_AT = 22;
const RATE_AT = 24;
const BLOCK_AT = 32;
const DATA_SIZE_AT = 40;
const READ_BYTES = 65_536;
/** About -40 dB below full scale: line noise, not speech. */
const SPEECH_LEVEL = 328;
/** What stays after the last sound, so that no word is cut. */
const TAIL_MS = 200;

interface Layout {
  readonly blockBytes: number;
  readonly sampleRate: number;
  readonly dataBytes: number;
}

async function layoutOf(file: FileHandle): Promise<Layout | undefined> {
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
  if (bytesRead < HEADER_BYTES || header.toString('latin1', 36, 40) !== 'data') return undefined;
  const blockBytes = header.readUInt16LE(BLOCK_AT);
  if (blockBytes !== 2 * header.readUInt16LE(CHANNELS_AT) || blockBytes === 0) return undefined;
  return {
    blockBytes,
    sampleRate: header.readUInt32LE(RATE_AT),
    dataBytes: header.readUInt32LE(DATA_SIZE_AT),
  };
}

/** Where the last sound ends, in bytes of data; read from the end, so that a long recording costs no more than its silence. */
async function endOfSound(file: FileHandle, { dataBytes }: Layout): Promise<number> {
  const block = Buffer.alloc(READ_BYTES);
  for (let end = dataBytes; end > 0; end -= READ_BYTES) {
    const start = Math.max(0, end - READ_BYTES);
    const { bytesRead } = await file.read(block, 0, end - start, HEADER_BYTES + start);
    for (let at = (bytesRead & ~1) - 2; at >= 0; at -= 2) {
      if (Math.abs(block.readInt16LE(at)) > SPEECH_LEVEL) return start + at + 2;
    }
  }
  return 0;
}

/**
 * Takes the silence off the end of a recording (RFC 5707 §9.7.4, terminate.finalsilence); returns its new length in milliseconds, or undefined
 * when it is no file that this can be done to. Rejects when the file can not be read or written.
 */
export async function trimFinalSilence(path: string): Promise<number | undefined> {
  const file = await open(path, 'r+');
  try {
    const layout = await layoutOf(file);
    if (!layout) return undefined;
    const { blockBytes, sampleRate, dataBytes } = layout;
    const tailBytes = Math.round((TAIL_MS * sampleRate) / 1000) * blockBytes;
    const soundBytes = Math.ceil((await endOfSound(file, layout)) / blockBytes) * blockBytes;
    const keptBytes = Math.min(dataBytes, soundBytes + tailBytes);
    const sizes = Buffer.alloc(4);
    await file.truncate(HEADER_BYTES + keptBytes);
    sizes.writeUInt32LE(keptBytes);
    await file.write(sizes, 0, 4, DATA_SIZE_AT);
    sizes.writeUInt32LE(HEADER_BYTES - 8 + keptBytes);
    await file.write(sizes, 0, 4, RIFF_SIZE_AT);
    await file.sync();
    return Math.round((keptBytes / blockBytes / sampleRate) * 1000);
  } finally {
    await file.close();
  }
}
