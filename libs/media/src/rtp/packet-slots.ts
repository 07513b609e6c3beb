import type { AudioDecoder } from '../codecs/codec';

/** What 20 ms of G.711 need, with its header. */
const SMALLEST_CELL_BYTES = 192;
/** Most streams hold no more packets than this. */
const FEWEST_CELLS = 8;
/** A datagram that has more than this beside its payload is not kept whole. */
const MOST_HEADER_BYTES = 32;

/** What is known of the packet of a slot, and where in its row. */
const ROW_WORDS = 8;
const SEQUENCE = 0;
/** The packet that was taken last. */
const TAKEN = 1;
const TIMESTAMP = 2;
const START = 3;
const LENGTH = 4;
const SAMPLES = 5;
const CELL = 6;

/**
 * Datagrams by sequence number in two small blocks of memory: a packet costs no allocation, and of a thousand streams each
 * finds its own still near the processor.
 */
export class PacketSlots {
  /** Samples of the packets that are held. */
  samples = 0;
  private readonly rows: Int32Array;
  /** Cells without a packet: the one that was freed last is used next. */
  private readonly free: number[] = [];
  private cellCount = 0;
  private cellBytes = SMALLEST_CELL_BYTES;
  private bytes = new Uint8Array(0);

  /** `count` is a power of two. */
  constructor(private readonly count: number) {
    this.rows = new Int32Array(count * ROW_WORDS);
    this.clear();
  }

  has(sequence: number): boolean {
    return this.rows[this.row(sequence) + SEQUENCE] === sequence;
  }

  /** Whether this packet was taken a short while ago. */
  wasTaken(sequence: number): boolean {
    return this.rows[this.row(sequence) + TAKEN] === sequence;
  }

  /** Of a packet that is or was held. */
  timestampOf(sequence: number): number {
    return (this.rows[this.row(sequence) + TIMESTAMP] as number) >>> 0;
  }

  /** Of a packet that is held. */
  samplesOf(sequence: number): number {
    return this.rows[this.row(sequence) + SAMPLES] as number;
  }

  /** Copies the payload `bytes[start..end)`. */
  put(
    sequence: number,
    timestamp: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    samples: number,
  ): void {
    const { rows } = this;
    const row = this.row(sequence);
    if (rows[row + SEQUENCE] !== -1) this.release(row);
    const isWhole = bytes.length - (end - start) <= MOST_HEADER_BYTES;
    const kept = isWhole ? bytes : bytes.subarray(start, end);
    if (kept.length > this.cellBytes) this.widen(kept.length);
    const cell = this.free.pop() ?? this.addCells();
    this.bytes.set(kept, cell * this.cellBytes);
    rows[row + SEQUENCE] = sequence;
    rows[row + TIMESTAMP] = timestamp;
    rows[row + START] = isWhole ? start : 0;
    rows[row + LENGTH] = end - start;
    rows[row + SAMPLES] = samples;
    rows[row + CELL] = cell;
    this.samples += samples;
  }

  /** Decodes a held packet to the start of `samples` and lets go of it; returns the count of samples. */
  take(sequence: number, decoder: AudioDecoder, samples: Int16Array): number {
    const { rows } = this;
    const row = this.row(sequence);
    const start = (rows[row + CELL] as number) * this.cellBytes + (rows[row + START] as number);
    rows[row + TAKEN] = sequence;
    this.release(row);
    return decoder.decode(this.bytes, start, start + (rows[row + LENGTH] as number), samples, 0);
  }

  clear(): void {
    for (let row = 0; row < this.rows.length; row += ROW_WORDS) {
      this.rows[row + SEQUENCE] = this.rows[row + TAKEN] = -1;
    }
    this.samples = 0;
    this.free.length = 0;
    for (let cell = this.cellCount - 1; cell >= 0; cell--) this.free.push(cell);
  }

  private row(sequence: number): number {
    return (sequence & (this.count - 1)) * ROW_WORDS;
  }

  private release(row: number): void {
    this.rows[row + SEQUENCE] = -1;
    this.samples -= this.rows[row + SAMPLES] as number;
    this.free.push(this.rows[row + CELL] as number);
  }

  /** More room; returns the first new cell. */
  private addCells(): number {
    const before = this.cellCount;
    this.cellCount = Math.max(FEWEST_CELLS, 2 * before);
    this.rearrange(this.cellBytes, before);
    for (let cell = this.cellCount - 1; cell > before; cell--) this.free.push(cell);
    return before;
  }

  private widen(bytes: number): void {
    const before = this.cellBytes;
    while (this.cellBytes < bytes) this.cellBytes *= 2;
    this.rearrange(before, this.cellCount);
  }

  private rearrange(cellBytesBefore: number, cellCountBefore: number): void {
    const before = this.bytes;
    this.bytes = new Uint8Array(this.cellBytes * this.cellCount);
    for (let cell = 0; cell < cellCountBefore; cell++) {
      const at = cell * cellBytesBefore;
      this.bytes.set(before.subarray(at, at + cellBytesBefore), cell * this.cellBytes);
    }
  }
}
