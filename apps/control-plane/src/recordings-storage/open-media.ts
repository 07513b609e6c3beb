import type { Readable } from 'node:stream';

/** Bytes of a file, the last one included. */
export interface ByteSpan {
  readonly first: number;
  readonly last: number;
}

/** Media that can be read; whoever has it closes it. */
export interface OpenMedia {
  readonly sizeBytes: number;
  /** Changes when the media do (RFC 9110 §8.8.3). */
  readonly etag: string;
  read(span: ByteSpan): Promise<Readable>;
  close(): Promise<void>;
}
