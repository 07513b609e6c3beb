import type { AudioCodec, AudioDecoder } from '../codecs/codec';
import type { Concealment } from './concealment';
import { silentConcealment } from './concealment';
import { PlayoutDelay } from './playout-delay';
import { sequenceDistance, timestampDistance } from './rtp-packet.parser';
import { PacketSlots } from './packet-slots';

const SLOTS = 64;
const LONGEST_PACKET_MS = 120;
/** More than this over the target is dropped at once: the peer or the event loop had a burst. */
const LARGEST_EXCESS_MS = 200;
/** A jump of the timestamp beyond this is a new stream, not a pause. */
const LARGEST_GAP_MS = 1000;
/** An excess that was there for this long is delay without use: one frame of it is dropped. */
const TRIM_AFTER_PULLS = 50;

export type Insertion = 'stored' | 'late' | 'duplicate' | 'refused';

/**
 * Puts packets into the order of their timestamps and hands out samples at the pace of our clock. Packets may hold any
 * length up to 120 ms; loss and pauses come out at their length, so that what is heard keeps its time (RFC 3550 §6.4.1, A.1).
 */
export class JitterBuffer {
  private readonly slots = new PacketSlots(SLOTS);
  private readonly decoder: AudioDecoder;
  private readonly current: Int16Array;
  private currentAt = 0;
  private currentEnd = 0;
  /** Timestamp units of one sample. */
  private readonly unitsPerSample: number;
  private readonly samplesPerMs: number;
  private state: 'empty' | 'filling' | 'playing' = 'empty';
  private nextSequence = 0;
  private highestSequence = 0;
  /** The timestamp of the sample that is due. */
  private playTimestamp = 0;
  private waitedSamples = 0;
  private packetSamples = 0;
  private leastDepth = 0;
  private pulls = 0;
  /** Before the next packet, one frame is made up: the delay grows by it. */
  private stretch = false;
  private readonly delay = new PlayoutDelay();

  constructor(
    private readonly codec: AudioCodec,
    private readonly concealment: Concealment = silentConcealment,
  ) {
    this.decoder = codec.createDecoder();
    this.samplesPerMs = codec.sampleRate / 1000;
    this.unitsPerSample = codec.clockRate / codec.sampleRate;
    this.current = new Int16Array(LONGEST_PACKET_MS * this.samplesPerMs);
  }

  /** Samples that are held. */
  get depth(): number {
    return this.slots.samples + this.currentEnd - this.currentAt;
  }

  /** Samples to hold before playing begins. */
  get target(): number {
    return this.packetSamples + this.delay.slackMs * this.samplesPerMs;
  }

  /** Copies the payload `bytes[start..end)`. `refused` is a payload that is empty or too long. */
  insert(bytes: Uint8Array, start: number, end: number, sequence: number, timestamp: number): Insertion {
    const samples = (end - start) * this.codec.samplesPerByte;
    if (samples < 1 || samples > this.current.length) return 'refused';
    if (this.state === 'empty') this.begin(sequence);
    const ahead = sequenceDistance(sequence, this.nextSequence);
    if (Math.abs(ahead) >= SLOTS) this.restart(sequence);
    else if (ahead < 0 && !this.stepBack(sequence)) return this.receiveLate(sequence);
    if (this.slots.has(sequence)) return 'duplicate';
    this.packetSamples = samples;
    this.slots.put(sequence, timestamp, bytes, start, end, Math.floor(samples));
    if (sequenceDistance(sequence, this.highestSequence) > 0) this.highestSequence = sequence;
    return 'stored';
  }

  /** Fills all of `frame`; false when it holds nothing to be heard. */
  pull(frame: Int16Array): boolean {
    const frameMs = frame.length / this.samplesPerMs;
    if (this.state !== 'playing' && !this.tryStart(frame.length)) {
      if (this.state === 'empty') this.delay.runDry(frameMs);
      return this.concealment.conceal(frame, 0, frame.length);
    }
    if (this.stretch) {
      this.stretch = false;
      return this.concealment.conceal(frame, 0, frame.length);
    }
    this.delay.play(frameMs);
    this.trim(frame);
    return this.fill(frame);
  }

  /** Forgets everything: another source is heard from now on. */
  reset(): void {
    this.slots.clear();
    this.currentAt = this.currentEnd = 0;
    this.state = 'empty';
  }

  private begin(sequence: number): void {
    this.delay.refill();
    this.state = 'filling';
    this.waitedSamples = 0;
    this.nextSequence = this.highestSequence = sequence;
  }

  private restart(sequence: number): void {
    this.reset();
    this.begin(sequence);
  }

  /** Before anything was played, a packet from before the first one is in time. */
  private stepBack(sequence: number): boolean {
    if (this.state !== 'filling' || sequenceDistance(this.highestSequence, sequence) >= SLOTS) return false;
    this.nextSequence = sequence;
    return true;
  }

  private receiveLate(sequence: number): Insertion {
    if (this.slots.wasTaken(sequence)) return 'duplicate';
    this.stretch = this.state === 'playing' && this.delay.receiveLate();
    return 'late';
  }

  private tryStart(frameSamples: number): boolean {
    if (this.state === 'empty' || this.slots.samples === 0) return false;
    if (this.slots.samples < this.target && this.waitedSamples < this.target) {
      this.waitedSamples += frameSamples;
      return false;
    }
    this.state = 'playing';
    this.playTimestamp = this.slots.timestampOf(this.seekNext());
    this.pulls = 0;
    this.leastDepth = this.depth;
    return true;
  }

  /** The number of the first packet held; only asked when there is one. */
  private seekNext(): number {
    let sequence = this.nextSequence;
    while (!this.slots.has(sequence)) sequence = (sequence + 1) & 0xffff;
    return sequence;
  }

  /** Drops what makes the delay longer than it needs to be. */
  private trim(scratch: Int16Array): void {
    const excess = this.depth - this.target;
    if (excess > LARGEST_EXCESS_MS * this.samplesPerMs) {
      for (let dropped = 0; dropped < excess; dropped += scratch.length) this.fill(scratch);
    }
    this.leastDepth = Math.min(this.leastDepth, this.depth);
    this.pulls += 1;
    if (this.pulls < TRIM_AFTER_PULLS) return;
    if (this.leastDepth >= this.target + scratch.length) this.fill(scratch);
    this.pulls = 0;
    this.leastDepth = this.depth;
  }

  private fill(frame: Int16Array): boolean {
    if (this.playWhole(frame)) return true;
    let filled = 0;
    let heard = false;
    while (filled < frame.length) {
      if (this.currentAt === this.currentEnd && !this.advance()) {
        const missing = this.missingSamples(frame.length - filled);
        heard = this.concealment.conceal(frame, filled, filled + missing) || heard;
        this.playTimestamp = (this.playTimestamp + missing * this.unitsPerSample) >>> 0;
        filled += missing;
        continue;
      }
      filled += this.copyCurrent(frame, filled);
      heard = true;
    }
    return heard;
  }

  /** Decodes the packet that is due straight into a frame of its length: what a steady stream does all the time. */
  private playWhole(frame: Int16Array): boolean {
    const { slots } = this;
    const sequence = this.nextSequence;
    if (this.currentAt !== this.currentEnd || !slots.has(sequence)) return false;
    if (slots.samplesOf(sequence) !== frame.length) return false;
    if (slots.timestampOf(sequence) !== this.playTimestamp) return false;
    this.nextSequence = (sequence + 1) & 0xffff;
    slots.take(sequence, this.decoder, frame);
    this.concealment.hear(frame, 0, frame.length);
    this.playTimestamp = (this.playTimestamp + frame.length * this.unitsPerSample) >>> 0;
    return true;
  }

  /** How many of `wanted` samples have to be made up before the next packet is due. */
  private missingSamples(wanted: number): number {
    if (this.slots.samples === 0) {
      this.state = 'empty';
      return wanted;
    }
    const gap = timestampDistance(this.slots.timestampOf(this.seekNext()), this.playTimestamp);
    return Math.max(1, Math.min(wanted, Math.floor(gap / this.unitsPerSample)));
  }

  private copyCurrent(frame: Int16Array, at: number): number {
    const count = Math.min(frame.length - at, this.currentEnd - this.currentAt);
    for (let i = 0; i < count; i++) frame[at + i] = this.current[this.currentAt + i] as number;
    this.concealment.hear(frame, at, at + count);
    this.currentAt += count;
    this.playTimestamp = (this.playTimestamp + count * this.unitsPerSample) >>> 0;
    return count;
  }

  /** Decodes the packet that is due into `current`; false when none is. */
  private advance(): boolean {
    while (this.slots.samples > 0) {
      const sequence = this.seekNext();
      const gap =
        timestampDistance(this.slots.timestampOf(sequence), this.playTimestamp) / this.unitsPerSample;
      const jump = Math.abs(gap) > LARGEST_GAP_MS * this.samplesPerMs;
      if (gap > 0 && !jump) return false;
      this.nextSequence = (sequence + 1) & 0xffff;
      this.currentEnd = this.slots.take(sequence, this.decoder, this.current);
      this.currentAt = 0;
      if (jump) this.playTimestamp = this.slots.timestampOf(sequence);
      else this.currentAt = Math.min(this.currentEnd, Math.floor(-gap));
      if (this.currentAt < this.currentEnd) return true;
    }
    return false;
  }
}
