import { MAX_MESSAGE_BYTES } from '../message/limits';
import { streamContentLength } from './content-length';

/** What a {@link StreamFramer} finds in a stream, in order. */
export interface FramerSink {
  /** One whole message. */
  receiveFrame(bytes: Buffer): void;
  /** CRLF CRLF between messages asks for a CRLF back (RFC 5626 §3.5.1). */
  receivePing(): void;
  /** The stream can not be cut any further; `head` is what stands of the message. Nothing comes after this. */
  receiveFault(status: 400 | 413, text: string, head: Buffer): void;
}

const CR = 0x0d;
const LF = 0x0a;
const NOTHING = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\r\n\r\n');
const FIRST_STORE_BYTES = 2048;

/**
 * Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3). How the bytes are chopped changes nothing. Holds at most
 * one message; a byte is copied once however finely the stream dribbles.
 */
export class StreamFramer {
  /** Bytes of a message that is not complete, from 0 to held. */
  private store = NOTHING;
  private held = 0;
  /** Of the pending message: how far its head has been searched, and its length once the head is known. */
  private searched = 0;
  private needed: number | undefined;
  private emptyLines = 0;
  private stopped = false;

  constructor(private readonly sink: FramerSink) {}

  /** A message has begun and is not complete. */
  get isPartial(): boolean {
    return this.held > 0;
  }

  push(chunk: Buffer): void {
    if (this.stopped) return;
    const stored = this.held > 0;
    const data = stored ? this.append(chunk) : chunk;
    let at = 0;
    for (;;) {
      at = this.skipEmptyLines(data, at);
      const end = this.messageEnd(data, at);
      if (end < 0) break;
      const frame = data.subarray(at, end);
      this.restart();
      this.sink.receiveFrame(stored ? Buffer.from(frame) : frame);
      if (this.stopped) return;
      at = end;
    }
    if (!this.stopped) this.hold(data, at, stored);
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.stopped = true;
    this.store = NOTHING;
    this.held = 0;
  }

  private restart(): void {
    this.searched = 0;
    this.needed = undefined;
    this.emptyLines = 0;
  }

  private skipEmptyLines(data: Buffer, start: number): number {
    let at = start;
    while (!this.stopped && this.needed === undefined && data[at] === CR && data[at + 1] === LF) {
      at += 2;
      this.searched = 0;
      if (++this.emptyLines % 2 === 0) this.sink.receivePing();
    }
    return at;
  }

  /** -1 while bytes are missing, and after a fault. */
  private messageEnd(data: Buffer, at: number): number {
    this.needed ??= this.measure(data, at);
    return this.needed !== undefined && data.length - at >= this.needed ? at + this.needed : -1;
  }

  private measure(data: Buffer, at: number): number | undefined {
    const blank = data.indexOf(BLANK_LINE, at + Math.max(0, this.searched - 3));
    this.searched = data.length - at;
    if ((blank < 0 ? data.length : blank) - at > MAX_MESSAGE_BYTES) {
      this.fault(413, 'Message too large', data.subarray(at));
      return undefined;
    }
    if (blank < 0) return undefined;
    const head = data.subarray(at, blank);
    const length = streamContentLength(head.toString('latin1'));
    if (typeof length === 'string') {
      this.fault(400, length, head);
      return undefined;
    }
    const whole = blank - at + BLANK_LINE.length + length;
    if (whole <= MAX_MESSAGE_BYTES) return whole;
    this.fault(413, 'Message too large', head);
    return undefined;
  }

  private fault(status: 400 | 413, text: string, head: Buffer): void {
    const copy = Buffer.from(head.subarray(0, MAX_MESSAGE_BYTES));
    this.stop();
    this.sink.receiveFault(status, text, copy);
  }

  private append(chunk: Buffer): Buffer {
    this.reserve(this.held + chunk.length);
    chunk.copy(this.store, this.held);
    this.held += chunk.length;
    return this.store.subarray(0, this.held);
  }

  private hold(data: Buffer, at: number, stored: boolean): void {
    const rest = data.length - at;
    if (rest === 0) this.store = NOTHING;
    else if (!stored) {
      this.reserve(rest);
      data.copy(this.store, 0, at);
    } else if (at > 0) this.store.copyWithin(0, at, data.length);
    this.held = rest;
  }

  private reserve(bytes: number): void {
    if (this.store.length >= bytes) return;
    let size = Math.max(FIRST_STORE_BYTES, this.store.length);
    while (size < bytes) size *= 2;
    const store = Buffer.allocUnsafe(size);
    this.store.copy(store, 0, 0, this.held);
    this.store = store;
  }
}
