import { isUtf8 } from 'node:buffer';
import type { Clock, Timer } from '@legato/kernel';
import type { RawData, WebSocket } from 'ws';
import type { Flow } from '../message/flow';
import { parseDatagram } from '../message/message.parser';
import type { SipMessage, SipParseError } from '../message/sip-message';
import { isKeepAlive } from './keep-alive';
import { markReceived } from './received-via';
import type { WsLimits } from './ws-limits';

/** What a {@link WsConnection} tells its transport. */
export interface WsConnectionOwner {
  readonly clock: Clock;
  readonly limits: WsLimits;
  receiveMessage(message: SipMessage): void;
  receiveMalformed(error: SipParseError, flow: Flow): void;
  connectionClosed(connection: WsConnection): void;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly onError: ((error: Error) => void) | undefined;
}

const CRLF = Buffer.from('\r\n');
/** CRLF CRLF; a single CRLF is the answer to it. */
const PING_BYTES = 4;

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** One WebSocket connection: a SIP message for each WebSocket message, liveness, what waits to be sent (RFC 7118 §5, §6). */
export class WsConnection {
  private state: 'connecting' | 'open' | 'closed';
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private deadline: Timer | undefined;
  private pinging: Timer | undefined;
  private isHeard = true;
  private cause: Error | undefined;

  /** `key`: under which its transport finds it by its far end. */
  constructor(
    private readonly socket: WebSocket,
    readonly flow: Flow,
    private readonly owner: WsConnectionOwner,
    readonly key: string | undefined,
    accepted: boolean,
  ) {
    this.state = accepted ? 'open' : 'connecting';
    const { limits } = owner;
    this.startDeadline(accepted ? limits.firstMessageDeadlineMs : limits.connectDeadlineMs);
    socket.on('open', () => this.opened());
    socket.on('message', (data) => this.receive(bytesOf(data)));
    socket.on('pong', () => (this.isHeard = true));
    socket.on('error', (error) => (this.cause ??= error));
    socket.on('close', () => this.closed());
    if (accepted) this.schedulePing();
  }

  get id(): string {
    return this.flow.connectionId ?? '';
  }

  /** Sends now, or when the connection is established. `onError` is never called before send has returned. */
  send(bytes: Buffer, onError?: (error: Error) => void): void {
    if (this.state === 'closed') {
      setImmediate(() => onError?.(this.closingCause()));
      return;
    }
    if (this.waitingBytes + this.socket.bufferedAmount + bytes.length > this.owner.limits.maxUnsentBytes) {
      this.close(new Error('peer does not read'));
      setImmediate(() => onError?.(this.closingCause()));
    } else if (this.state === 'connecting') {
      this.waiting.push({ bytes, onError });
      this.waitingBytes += bytes.length;
    } else this.write({ bytes, onError });
  }

  close(cause: Error): void {
    this.cause ??= cause;
    this.socket.terminate();
  }

  private receive(bytes: Buffer): void {
    this.isHeard = true;
    if (isKeepAlive(bytes)) {
      if (bytes.length === PING_BYTES) this.socket.send(CRLF, { binary: false }, () => undefined);
      return;
    }
    this.stopDeadline();
    const outcome = parseDatagram(bytes);
    if (!outcome.ok) {
      this.owner.receiveMalformed(outcome.error, this.flow);
      return;
    }
    const { message } = outcome;
    message.flow = this.flow;
    if (message.kind === 'request') markReceived(message, this.flow);
    this.owner.receiveMessage(message);
  }

  private opened(): void {
    this.stopDeadline();
    this.state = 'open';
    const { waiting } = this;
    this.waiting = [];
    this.waitingBytes = 0;
    for (const each of waiting) this.write(each);
    this.schedulePing();
  }

  private write({ bytes, onError }: Waiting): void {
    // A text frame has to be UTF-8 (RFC 6455 §5.6), which a body need not be.
    this.socket.send(bytes, { binary: !isUtf8(bytes) }, (error) => error && onError?.(this.closingCause()));
  }

  private schedulePing(): void {
    this.pinging = this.owner.clock.schedule(this.owner.limits.pingIntervalMs, () => {
      if (!this.isHeard) {
        this.close(new Error('peer does not answer pings'));
        return;
      }
      this.isHeard = false;
      this.socket.ping(undefined, undefined, () => undefined);
      this.schedulePing();
    });
  }

  private closed(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.stopDeadline();
    this.pinging?.cancel();
    const { waiting } = this;
    this.waiting = [];
    this.owner.connectionClosed(this);
    for (const { onError } of waiting) onError?.(this.closingCause());
  }

  private closingCause(): Error {
    return this.cause ?? new Error('connection closed');
  }

  private startDeadline(delayMs: number): void {
    this.deadline = this.owner.clock.schedule(delayMs, () => this.close(new Error('deadline passed')));
  }

  private stopDeadline(): void {
    this.deadline?.cancel();
    this.deadline = undefined;
  }
}
