import type { Clock, Timer } from '@legato/kernel';
import type { Socket } from 'node:net';
import type { Flow } from '../message/flow';
import type { SipMessage, SipParseError } from '../message/sip-message';
import { isStatusLine } from '../message/start-line';
import type { Via } from '../message/via';
import { parseDatagram } from '../message/message.parser';
import { readSalvage } from '../message/salvage.parser';
import { markReceived } from './received-via';
import type { FramerSink } from './stream-framer';
import { StreamFramer } from './stream-framer';
import type { StreamLimits } from './stream-limits';

/** What a {@link StreamConnection} tells its transport. */
export interface ConnectionOwner {
  readonly clock: Clock;
  readonly limits: StreamLimits;
  receiveMessage(message: SipMessage): void;
  receiveMalformed(error: SipParseError, flow: Flow): void;
  connectionClosed(connection: StreamConnection): void;
  /** The peer lets its requests' way be taken back: the `alias` of a Via (RFC 5923 §5). */
  receiveAlias?(connection: StreamConnection, via: Via): void;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly onError: ((error: Error) => void) | undefined;
}

const CRLF = Buffer.from('\r\n');

/** One TCP or TLS connection: framing, deadlines, what waits to be sent (RFC 3261 §18.3, RFC 5626 §3.5.1). */
export class StreamConnection implements FramerSink {
  /** Under which its transport finds it by where it leads. */
  readonly keys = new Set<string>();
  private readonly framer = new StreamFramer(this);
  private state: 'connecting' | 'open' | 'closed';
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private deadline: Timer | undefined;
  private cause: Error | undefined;
  /** Whether the deadline is that of a message which has begun. */
  private inMessage = false;

  /** `ready` is the event after which bytes may be sent, undefined for an accepted connection. */
  constructor(
    readonly socket: Socket,
    readonly flow: Flow,
    private readonly owner: ConnectionOwner,
    ready: 'connect' | 'secureConnect' | undefined,
    /** Under which its transport finds it by its far end. */
    key: string | undefined,
  ) {
    if (key !== undefined) this.keys.add(key);
    this.state = ready ? 'connecting' : 'open';
    const { limits } = owner;
    this.startDeadline(ready ? limits.connectDeadlineMs : limits.firstMessageDeadlineMs);
    if (ready) socket.once(ready, () => this.opened());
    socket.on('data', (chunk: Buffer) => this.receiveBytes(chunk));
    socket.on('error', (error) => (this.cause ??= error));
    socket.on('close', () => this.closed());
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
    if (this.waitingBytes + this.socket.writableLength + bytes.length > this.owner.limits.maxUnsentBytes) {
      this.close(new Error('peer does not read'));
      setImmediate(() => onError?.(this.closingCause()));
    } else if (this.state === 'connecting') {
      this.waiting.push({ bytes, onError });
      this.waitingBytes += bytes.length;
    } else this.write({ bytes, onError });
  }

  close(cause: Error): void {
    this.cause ??= cause;
    this.framer.stop();
    this.socket.destroy();
  }

  receiveFrame(bytes: Buffer): void {
    this.inMessage = false;
    this.stopDeadline();
    const outcome = parseDatagram(bytes);
    if (!outcome.ok) {
      this.owner.receiveMalformed(outcome.error, this.flow);
      return;
    }
    const { message } = outcome;
    message.flow = this.flow;
    if (message.kind === 'request') {
      if (this.owner.receiveAlias && message.via.params.has('alias'))
        this.owner.receiveAlias(this, message.via);
      markReceived(message, this.flow);
    }
    this.owner.receiveMessage(message);
  }

  receivePing(): void {
    if (this.state === 'open') this.socket.write(CRLF);
  }

  /** Answered as well as it can be, then closed: what follows can not be told apart (RFC 4475 §3.1.2.3). */
  receiveFault(status: 400 | 413, text: string, head: Buffer): void {
    const start = head.toString('latin1');
    const isResponse = isStatusLine(start, 0);
    this.owner.receiveMalformed({ status, text, isResponse, salvage: readSalvage(start) }, this.flow);
    this.cause ??= new Error(text);
    this.startDeadline(this.owner.limits.messageDeadlineMs);
    this.socket.end();
  }

  private receiveBytes(chunk: Buffer): void {
    this.framer.push(chunk);
    if (!this.framer.isPartial || this.inMessage || this.state !== 'open') return;
    this.inMessage = true;
    this.startDeadline(this.owner.limits.messageDeadlineMs);
  }

  private opened(): void {
    this.stopDeadline();
    this.state = 'open';
    const { waiting } = this;
    this.waiting = [];
    this.waitingBytes = 0;
    for (const each of waiting) this.write(each);
  }

  private write({ bytes, onError }: Waiting): void {
    this.socket.write(bytes, (error) => error && onError?.(this.closingCause()));
  }

  private closed(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.stopDeadline();
    this.framer.stop();
    const { waiting } = this;
    this.waiting = [];
    this.owner.connectionClosed(this);
    for (const { onError } of waiting) onError?.(this.closingCause());
  }

  private closingCause(): Error {
    return this.cause ?? new Error('connection closed');
  }

  private startDeadline(delayMs: number): void {
    this.deadline?.cancel();
    this.deadline = this.owner.clock.schedule(delayMs, () => this.close(new Error('deadline passed')));
  }

  private stopDeadline(): void {
    this.deadline?.cancel();
    this.deadline = undefined;
  }
}
