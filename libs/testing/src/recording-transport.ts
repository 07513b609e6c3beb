import type { Clock } from '@legato/kernel';
import type {
  Address,
  Flow,
  SipMessage,
  SipTransport,
  TransportHandler,
  TransportProtocol,
} from '@legato/sip';
import { isFlow, markReceived, parseDatagram, serialize } from '@legato/sip';

/** A message that a {@link RecordingTransport} was asked to send. */
export interface SentMessage {
  /** Parsed back from the bytes, so that what a test looks at is what a peer would see. */
  readonly message: SipMessage;
  readonly bytes: Buffer;
  readonly to: Flow | Address;
  /** Time of the clock, when the transport has one. */
  readonly atMs: number;
}

export interface RecordingTransportOptions {
  readonly protocol?: TransportProtocol;
  readonly local?: Address;
  readonly advertised?: Address;
  readonly clock?: Clock;
}

/** A transport without sockets: keeps what is sent, lets a test inject what arrives. */
export class RecordingTransport implements SipTransport {
  readonly protocol: TransportProtocol;
  readonly local: Address;
  readonly advertised?: Address;
  readonly sent: SentMessage[] = [];
  /** When set, each send fails with this error, a moment later. */
  failure: Error | undefined;
  /** Called for each message sent: a network of tests delivers it. */
  onSend: ((sent: SentMessage) => void) | undefined;
  private handler: TransportHandler | undefined;

  constructor(private readonly options: RecordingTransportOptions = {}) {
    this.protocol = options.protocol ?? 'UDP';
    this.local = options.local ?? { host: '192.0.2.1', port: 5060 };
    if (options.advertised) this.advertised = options.advertised;
  }

  start(handler: TransportHandler): Promise<void> {
    this.handler = handler;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.handler = undefined;
    return Promise.resolve();
  }

  send(message: SipMessage | Buffer, to: Flow | Address, onError?: (error: Error) => void): void {
    const bytes = this.bytesOf(message);
    const failure = bytes instanceof Error ? bytes : this.failure;
    if (bytes instanceof Error || failure) {
      const report = (): void => failure && onError?.(failure);
      if (this.options.clock) this.options.clock.schedule(0, report);
      else queueMicrotask(report);
      return;
    }
    const outcome = parseDatagram(bytes);
    if (!outcome.ok)
      throw new Error(`sent what our own parser refuses: ${outcome.error.text}\n${bytes.toString()}`);
    const sent = { message: outcome.message, bytes, to, atMs: this.options.clock?.now() ?? 0 };
    this.sent.push(sent);
    this.onSend?.(sent);
  }

  private bytesOf(message: SipMessage | Buffer): Buffer | Error {
    try {
      return Buffer.isBuffer(message) ? message : serialize(message);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** As if these bytes had arrived from `source`. */
  inject(input: SipMessage | Buffer | string, source: Address = { host: '192.0.2.2', port: 5060 }): void {
    const bytes =
      typeof input === 'string' ? Buffer.from(input) : Buffer.isBuffer(input) ? input : serialize(input);
    const flow: Flow = { protocol: this.protocol, local: this.local, remote: source };
    const outcome = parseDatagram(bytes);
    if (!outcome.ok) {
      this.handler?.receiveMalformed(outcome.error, flow);
      return;
    }
    outcome.message.flow = flow;
    if (outcome.message.kind === 'request') markReceived(outcome.message, flow);
    this.handler?.receiveMessage(outcome.message);
  }

  /** Removes and returns what was sent so far. */
  take(): SipMessage[] {
    return this.sent.splice(0).map((each) => each.message);
  }

  /** IP and port a message went to. */
  static destination(sent: SentMessage): Address {
    return isFlow(sent.to) ? sent.to.remote : sent.to;
  }
}
