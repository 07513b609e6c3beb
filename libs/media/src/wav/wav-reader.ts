import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { A_LAW_DECODE, MU_LAW_DECODE } from '../codecs/g711';

/** Larger files are refused: an hour of 8 kHz stereo, or five minutes at 48 kHz, both fit. */
export const LARGEST_WAV_BYTES = 128 * 1024 * 1024;

const PCM = 1;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;
const LOWEST_RATE = 8000;
const HIGHEST_RATE = 48000;
const MOST_CHUNKS = 1000;

/** Decoded audio: 16-bit samples, channels interleaved. */
export interface WavAudio {
  sampleRate: number;
  channels: number;
  samples: Int16Array;
}

/** What the fmt chunk says, and where the samples lie. */
export interface WavLayout {
  encoding: number;
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  dataStart: number;
  /** As the file's length allows, whatever the chunk claims. */
  dataBytes: number;
}

interface Chunk {
  id: string;
  start: number;
  end: number;
}

/** The chunks of a RIFF file; one whose size is beyond the file, or zero for the last, ends with the file. */
function* chunksOf(view: DataView): Generator<Chunk> {
  let at = 12;
  for (let count = 0; count < MOST_CHUNKS && at + 8 <= view.byteLength; count++) {
    const id = fourCharacters(view, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    const unfinished = id === 'data' && size === 0;
    const end = unfinished ? view.byteLength : Math.min(start + size, view.byteLength);
    yield { id, start, end };
    at = end + (size & 1);
  }
}

const fourCharacters = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

/** Finds format and samples; tolerates broken sizes, never throws. */
export function readWavLayout(bytes: Uint8Array): Result<WavLayout, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || fourCharacters(view, 0) !== 'RIFF' || fourCharacters(view, 8) !== 'WAVE') {
    return err('not a RIFF/WAVE file');
  }
  let format: Omit<WavLayout, 'dataStart' | 'dataBytes'> | undefined;
  for (const { id, start, end } of chunksOf(view)) {
    if (id === 'fmt ' && end - start >= 16) format = readFormat(view, start, end);
    if (id !== 'data') continue;
    if (!format) return err('no format before the samples');
    const problem = unsupported(format);
    return problem === undefined ? ok({ ...format, dataStart: start, dataBytes: end - start }) : err(problem);
  }
  return err('no samples');
}

function readFormat(view: DataView, start: number, end: number): Omit<WavLayout, 'dataStart' | 'dataBytes'> {
  const encoding = view.getUint16(start, true);
  const isExtensible = encoding === EXTENSIBLE && end - start >= 26;
  return {
    encoding: isExtensible ? view.getUint16(start + 24, true) : encoding,
    channels: view.getUint16(start + 2, true),
    sampleRate: view.getUint32(start + 4, true),
    bitsPerSample: view.getUint16(start + 14, true),
  };
}

function unsupported({
  encoding,
  channels,
  sampleRate,
  bitsPerSample,
}: Omit<WavLayout, 'dataStart' | 'dataBytes'>) {
  if (channels !== 1 && channels !== 2) return `${channels} channels`;
  if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) return `sample rate ${sampleRate}`;
  const known =
    encoding === PCM
      ? bitsPerSample === 16 || bitsPerSample === 8
      : encoding === A_LAW || encoding === MU_LAW;
  return known ? undefined : `encoding ${encoding} of ${bitsPerSample} bits`;
}

const isWide = (layout: WavLayout): boolean => layout.bitsPerSample === 16;

/** Sample frames (one sample of each channel) of a file. */
export function frameCount(layout: WavLayout): number {
  return Math.floor(layout.dataBytes / (layout.channels * (isWide(layout) ? 2 : 1)));
}

/** Decodes interleaved samples `first..` of `bytes` until `samples` is full; the caller has checked that they are there. */
export function decodeSamples(
  bytes: Uint8Array,
  layout: WavLayout,
  first: number,
  samples: Int16Array,
): void {
  if (isWide(layout)) {
    for (let i = 0, at = layout.dataStart + first * 2; i < samples.length; i++, at += 2) {
      samples[i] = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    }
    return;
  }
  const at = layout.dataStart + first;
  const table = layout.encoding === A_LAW ? A_LAW_DECODE : MU_LAW_DECODE;
  for (let i = 0; i < samples.length; i++) {
    const byte = bytes[at + i] as number;
    samples[i] = layout.encoding === PCM ? (byte - 128) << 8 : (table[byte] as number);
  }
}

/** Reads WAV of 16-bit or 8-bit PCM, A-law or µ-law, 8 to 48 kHz, one or two channels. Never throws; 128 MiB at most. */
export function readWav(bytes: Uint8Array): Result<WavAudio, string> {
  if (bytes.byteLength > LARGEST_WAV_BYTES) return err('larger than 128 MiB');
  const layout = readWavLayout(bytes);
  if (!layout.ok) return layout;
  const { sampleRate, channels } = layout.value;
  const samples = new Int16Array(frameCount(layout.value) * channels);
  decodeSamples(bytes, layout.value, 0, samples);
  return ok({ sampleRate, channels, samples });
}
