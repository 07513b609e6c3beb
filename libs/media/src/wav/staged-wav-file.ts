import { close, constants, fsync, ftruncate, open, promises, write } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { WavFormat } from './wav-writer';
import { WAV_HEADER_BYTES, wavHeader } from './wav-writer';

/** What a recording is called until it is finished. */
export const STAGED_SUFFIX = '.part';

/** A crash costs no more than this much audio. */
const BATCH_MS = 500;
/** So many full batches may wait for a slow disk: ten seconds. */
const MOST_WAITING = 20;

const openFile = promisify(open);
const syncFile = promisify(fsync);
const closeFile = promisify(close);
const writeFile = promisify(write);
const truncateFile = promisify(ftruncate);

/** Files begin their batches at different ticks, so that they do not all write in the same one. */
let turn = 0;

/**
 * A 16-bit WAV file that grows under a staging name and is playable at any moment: its sizes are patched every second.
 * `finish` makes it durable and gives it its name. Trouble with the disk is reported once and ends the writing.
 */
export class StagedWavFile {
  private readonly staged: string;
  private readonly batchBytes: number;
  private fd = -1;
  /** Bytes of samples that are in the file. */
  private writtenBytes = 0;
  /** Those of them that were there before. */
  private continuedBytes = 0;
  private unpatchedBytes = 0;
  private readonly patchEveryBytes: number;
  private filling: Buffer;
  private view: DataView;
  private filled = 0;
  private fillUpTo: number;
  private readonly waiting: Buffer[] = [];
  private readonly spare: Buffer[] = [];
  private state: 'opening' | 'idle' | 'writing' | 'closed' = 'opening';
  private failure: Error | undefined;
  private onIdle: (() => void) | undefined;

  constructor(
    private readonly path: string,
    private readonly format: WavFormat,
    append: boolean,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.staged = path + STAGED_SUFFIX;
    const tickBytes = format.channels * 2 * (format.sampleRate / 50);
    this.patchEveryBytes = format.channels * 2 * format.sampleRate;
    this.batchBytes = tickBytes * (BATCH_MS / 20);
    this.filling = Buffer.allocUnsafe(this.batchBytes);
    this.view = viewOf(this.filling);
    this.fillUpTo = tickBytes * (1 + (turn++ % (BATCH_MS / 20)));
    this.open(append).then(
      () => this.becomeIdle(),
      (error: Error) => this.fail(error),
    );
  }

  /** Samples of each channel that are in the file. */
  get writtenSamples(): number {
    return this.writtenBytes / (this.format.channels * 2);
  }

  /** Takes the first `count` samples of each channel; copies them. */
  append(left: Int16Array, right: Int16Array, count: number): void {
    if (this.failure || this.state === 'closed') return;
    const frameBytes = this.format.channels * 2;
    for (let from = 0; from < count;) {
      const until = Math.min(count, from + (this.fillUpTo - this.filled) / frameBytes);
      if (frameBytes === 2) this.put(left, from, until);
      else this.putBoth(left, right, from, until);
      this.filled += (until - from) * frameBytes;
      if (this.filled === this.fillUpTo) this.closeBatch();
      from = until;
    }
  }

  /**
   * Writes what is left, makes it durable and gives the file its name; rejects with the first error there was. `trimSamples`
   * of each channel are cut off at the end, but never of a file that was continued.
   */
  async finish(trimSamples = 0): Promise<void> {
    await this.end();
    const ownBytes = this.writtenBytes - this.continuedBytes;
    this.writtenBytes -= Math.min(trimSamples * this.format.channels * 2, ownBytes);
    if (this.fd === -1) throw this.failure ?? new Error('the file was never opened');
    await this.keep().catch((error: Error) => (this.failure ??= error));
    if (this.failure) throw this.failure;
  }

  /** Deletes the file. Never rejects. */
  async discard(): Promise<void> {
    await this.end();
    if (this.fd === -1) return;
    await closeFile(this.fd).catch(() => undefined);
    await promises.unlink(this.staged).catch(() => undefined);
  }

  private put(samples: Int16Array, from: number, until: number): void {
    const { view } = this;
    for (let i = from, at = this.filled; i < until; i++, at += 2) {
      view.setInt16(at, samples[i] as number, true);
    }
  }

  private putBoth(left: Int16Array, right: Int16Array, from: number, until: number): void {
    const { view } = this;
    for (let i = from, at = this.filled; i < until; i++, at += 4) {
      view.setInt32(at, ((left[i] as number) & 0xffff) | ((right[i] as number) << 16), true);
    }
  }

  private closeBatch(): void {
    this.waiting.push(this.filling.subarray(0, this.filled));
    this.filling = this.spare.pop() ?? Buffer.allocUnsafe(this.batchBytes);
    this.view = viewOf(this.filling);
    this.filled = 0;
    this.fillUpTo = this.batchBytes;
    if (this.waiting.length > MOST_WAITING) this.giveUp(new Error('the disk does not keep up'));
    else if (this.state === 'idle') this.writeNext();
  }

  private async open(append: boolean): Promise<void> {
    const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW } = constants;
    const existing = append ? await this.copyExisting() : 0;
    const create = existing > 0 ? 0 : O_CREAT | O_EXCL;
    this.fd = await openFile(this.staged, O_RDWR | O_NOFOLLOW | create, 0o640);
    this.writtenBytes = this.continuedBytes = existing;
    if (existing === 0) await promises.writeFile(this.staged, wavHeader(this.format, 0), { flag: 'r+' });
  }

  /** Bytes of samples of the file that is continued, copied to the staging name; 0 when there is none. */
  private async copyExisting(): Promise<number> {
    const existing = await promises
      .open(this.path, constants.O_RDONLY | constants.O_NOFOLLOW)
      .catch(unlessMissing);
    if (!existing) return 0;
    const header = Buffer.alloc(WAV_HEADER_BYTES);
    try {
      await existing.read(header, 0, WAV_HEADER_BYTES, 0);
      const dataBytes = bytesToContinue(header, this.format, (await existing.stat()).size);
      if (dataBytes === undefined)
        throw new Error(`can not continue ${this.path}: it is no WAV file of this format`);
      await promises.copyFile(this.path, this.staged, constants.COPYFILE_EXCL);
      return dataBytes;
    } finally {
      await existing.close();
    }
  }

  /** Writes the oldest batch, once a second the sizes after it, and then the next batch. */
  private writeNext(): void {
    const batch = this.waiting[0];
    if (!batch || this.failure) return this.becomeIdle();
    this.state = 'writing';
    this.writeAll(batch, WAV_HEADER_BYTES + this.writtenBytes, () => {
      this.waiting.shift();
      if (batch.length === this.batchBytes) this.spare.push(batch);
      this.writtenBytes += batch.length;
      this.unpatchedBytes += batch.length;
      if (this.unpatchedBytes >= this.patchEveryBytes) this.patchSizes(() => this.writeNext());
      else this.writeNext();
    });
  }

  private patchSizes(then: () => void): void {
    this.unpatchedBytes = 0;
    this.writeAll(wavHeader(this.format, this.writtenBytes), 0, then);
  }

  private writeAll(bytes: Buffer, position: number, then: () => void): void {
    write(this.fd, bytes, 0, bytes.length, position, (error, count) => {
      if (error) return this.fail(error);
      if (count < bytes.length) this.writeAll(bytes.subarray(count), position + count, then);
      else then();
    });
  }

  private becomeIdle(): void {
    this.state = 'idle';
    if (this.waiting.length > 0 && !this.failure) return this.writeNext();
    this.onIdle?.();
  }

  /** What was being done is over, without success. */
  private fail(error: Error): void {
    this.giveUp(error);
    this.becomeIdle();
  }

  /** Nothing more is begun; what is under way ends by itself. */
  private giveUp(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    this.onFailure(error);
  }

  /** Takes no more, and waits until all that was taken is written. */
  private async end(): Promise<void> {
    if (this.filled > 0) {
      this.waiting.push(this.filling.subarray(0, this.filled));
      this.filled = 0;
      if (this.state === 'idle') this.writeNext();
    }
    if (this.state !== 'idle') await new Promise<void>((resolve) => (this.onIdle = resolve));
    this.state = 'closed';
  }

  private async keep(): Promise<void> {
    try {
      await writeFile(this.fd, wavHeader(this.format, this.writtenBytes), 0, WAV_HEADER_BYTES, 0);
      await truncateFile(this.fd, WAV_HEADER_BYTES + this.writtenBytes);
      await syncFile(this.fd);
    } finally {
      await closeFile(this.fd);
    }
    await promises.rename(this.staged, this.path);
    await syncDirectory(dirname(this.path));
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Bytes of samples in a file that can be continued: its header is the one that we would write. */
function bytesToContinue(header: Buffer, format: WavFormat, fileBytes: number): number | undefined {
  const claimed = header.readUInt32LE(WAV_HEADER_BYTES - 4);
  if (!wavHeader(format, claimed).subarray(8).equals(header.subarray(8))) return undefined;
  const present = fileBytes - WAV_HEADER_BYTES;
  const bytes = claimed === 0 ? present : Math.min(claimed, present);
  return bytes - (bytes % (format.channels * 2));
}

/** Makes a rename in `directory` durable; where the system can not, it is as durable as it gets. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await promises.open(directory, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}
