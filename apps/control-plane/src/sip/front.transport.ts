import type {
  Address,
  Flow,
  NamedAddress,
  SipMessage,
  SipTransport,
  TransportHandler,
  TransportProtocol,
} from '@legato/sip';

/** What is held at most; a peer sends again what was dropped (RFC 3261 §17). */
const MAX_HELD = 4096;

/**
 * Stands before a transport of the control plane. It counts what arrives, for /metrics, and holds it from the moment
 * the socket is bound until {@link open}: a BYE for a call that is still being restored must not be answered 481.
 */
export class FrontTransport implements SipTransport {
  private requests = 0;
  private responses = 0;
  private malformed = 0;
  private held: SipMessage[] | undefined = [];
  private handler: TransportHandler | undefined;

  constructor(private readonly inner: SipTransport) {}

  get protocol(): TransportProtocol {
    return this.inner.protocol;
  }

  get local(): Address {
    return this.inner.local;
  }

  get advertised(): Address | undefined {
    return this.inner.advertised;
  }

  start(handler: TransportHandler): Promise<void> {
    this.handler = handler;
    return this.inner.start({
      receiveMessage: (message) => {
        if (message.kind === 'request') this.requests += 1;
        else this.responses += 1;
        if (!this.held) handler.receiveMessage(message);
        else if (this.held.length < MAX_HELD) this.held.push(message);
      },
      receiveMalformed: (error, flow) => {
        this.malformed += 1;
        handler.receiveMalformed(error, flow);
      },
    });
  }

  send(message: SipMessage | Buffer, to: Flow | NamedAddress, onError?: (error: Error) => void): void {
    this.inner.send(message, to, onError);
  }

  knock(to: Flow | Address, onUnreachable: (error: Error) => void): void {
    this.inner.knock?.(to, onUnreachable);
  }

  echo(onRead: () => void): void {
    this.inner.echo?.(onRead);
  }

  stop(): Promise<void> {
    return this.inner.stop();
  }

  /** Delivers what was held, and from now on everything as it arrives. */
  open(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const message of held) this.handler?.receiveMessage(message);
  }

  /** Messages received since the start, by what the parser made of them. */
  received(): Readonly<Record<'request' | 'response' | 'malformed', number>> {
    return { request: this.requests, response: this.responses, malformed: this.malformed };
  }
}
