import type { AudioDecoder } from '../codecs/codec';

/** What 20 ms of G.711 need. */
const SMALLEST_SLOT_BYTES = 160;

/** Payloads by sequence number in one block of memory, so that a packet costs no allocation. */
export class PacketSlots {
  /** Samples of the packets that are held. */
  samples = 0;
  private readonly sequences: Int32Array;
  /** Of the packets that were taken last. */
  private readonly taken: Int32Array;
  private readonly timestamps: Uint32Array;
  private readonly lengths: Uint16Array;
  private readonly sampleCounts: Uint16Array;
  private slotBytes = SMALLEST_SLOT_BYTES;
  private payloads: Uint8Array;

  /** `count` is a power of two. */
  constructor(private readonly count: number) {
    this.sequences = new Int32Array(count).fill(-1);
    this.taken = new Int32Array(count).fill(-1);
    this.timestamps = new Uint32Array(count);
    this.lengths = new Uint16Array(count);
    this.sampleCounts = new Uint16Array(count);
    this.payloads = new Uint8Array(0);
  }

  has(sequence: number): boolean {
    return this.sequences[sequence & (this.count - 1)] === sequence;
  }

  /** Whether this packet was taken a short while ago. */
  wasTaken(sequence: number): boolean {
    return this.taken[sequence & (this.count - 1)] === sequence;
  }

  /** Of a packet that is or was held. */
  timestampOf(sequence: number): number {
    return this.timestamps[sequence & (this.count - 1)] as number;
  }

  /** Copies `bytes[start..end)`; the caller has made sure that the slot is free. */
  put(
    sequence: number,
    timestamp: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    samples: number,
  ): void {
    const slot = sequence & (this.count - 1);
    const length = end - start;
    if (length > this.slotBytes || this.payloads.length === 0) this.grow(length);
    const offset = slot * this.slotBytes;
    for (let i = 0; i < length; i++) this.payloads[offset + i] = bytes[start + i] as number;
    if (this.sequences[slot] !== -1) this.samples -= this.sampleCounts[slot] as number;
    this.sequences[slot] = sequence;
    this.timestamps[slot] = timestamp;
    this.lengths[slot] = length;
    this.sampleCounts[slot] = samples;
    this.samples += samples;
  }

  /** Decodes a held packet to the start of `samples` and lets go of it; returns the count of samples. */
  take(sequence: number, decoder: AudioDecoder, samples: Int16Array): number {
    const slot = sequence & (this.count - 1);
    const offset = slot * this.slotBytes;
    this.sequences[slot] = -1;
    this.taken[slot] = sequence;
    this.samples -= this.sampleCounts[slot] as number;
    return decoder.decode(this.payloads, offset, offset + (this.lengths[slot] as number), samples, 0);
  }

  clear(): void {
    this.sequences.fill(-1);
    this.taken.fill(-1);
    this.samples = 0;
  }

  private grow(length: number): void {
    const before = this.payloads;
    const beforeBytes = this.slotBytes;
    while (this.slotBytes < length) this.slotBytes *= 2;
    this.payloads = new Uint8Array(this.slotBytes * this.count);
    for (let slot = 0; slot < this.count && before.length > 0; slot++) {
      this.payloads.set(before.subarray(slot * beforeBytes, (slot + 1) * beforeBytes), slot * this.slotBytes);
    }
  }
}
