import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { eventually } from './eventually';
import type { WireMessage } from './wire-message';
import { headerOf, readWire } from './wire-message';

/** A TCP connection that carries whatever a test writes, and keeps the messages that come back. */
export class WireStream {
  readonly heard: WireMessage[] = [];
  private buffered = Buffer.alloc(0);
  private over = false;

  private constructor(
    private readonly socket: Socket,
    readonly localPort: number,
  ) {
    socket.on('data', (bytes) => {
      this.buffered = Buffer.concat([this.buffered, bytes]);
      while (this.takeMessage());
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.over = true));
  }

  static open(port: number, localAddress = '127.0.0.1'): Promise<WireStream> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true }, () =>
        resolve(new WireStream(socket, socket.localPort ?? 0)),
      );
      socket.once('error', reject);
    });
  }

  get isClosed(): boolean {
    return this.over;
  }

  write(bytes: Buffer | string): void {
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The first final response with this Call-ID. */
  final(callId: string, deadlineMs = 5_000): Promise<WireMessage> {
    return eventually(
      `an answer to ${callId}`,
      () => this.heard.find((message) => message.status >= 200 && headerOf(message, 'call-id') === callId),
      deadlineMs,
    );
  }

  private takeMessage(): boolean {
    const end = this.buffered.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = readWire(this.buffered.subarray(0, end + 4));
    const length = end + 4 + Number(headerOf(head, 'content-length') || 0);
    if (this.buffered.length < length) return false;
    this.heard.push(readWire(this.buffered.subarray(0, length)));
    this.buffered = this.buffered.subarray(length);
    return true;
  }
}
