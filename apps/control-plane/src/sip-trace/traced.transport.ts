import type { Clock } from '@legato/kernel';
import type {
  Address,
  Flow,
  NamedAddress,
  SipMessage,
  SipTransport,
  TransportHandler,
  TransportProtocol,
} from '@legato/sip';
import { isFlow, serialize } from '@legato/sip';
import { maskDigits } from './mask-digits';
import type { PcapFile } from './pcap-file';

/** Stands before a transport and keeps every message, sent and received, in a capture file. */
export class TracedTransport implements SipTransport {
  constructor(
    private readonly inner: SipTransport,
    private readonly file: PcapFile,
    private readonly clock: Clock,
  ) {}

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
    return this.inner.start({
      receiveMessage: (message) => {
        if (message.flow) this.keep(message.flow.remote, message.flow.local, message);
        handler.receiveMessage(message);
      },
      receiveMalformed: (error, flow) => handler.receiveMalformed(error, flow),
    });
  }

  send(message: SipMessage | Buffer, to: Flow | NamedAddress, onError?: (error: Error) => void): void {
    this.keep(this.local, isFlow(to) ? to.remote : to, message);
    this.inner.send(message, to, onError);
  }

  echo(onRead: () => void): void {
    this.inner.echo?.(onRead);
  }

  knock(to: Flow | Address, onUnreachable: (error: Error) => void): void {
    this.inner.knock?.(to, onUnreachable);
  }

  stop(): Promise<void> {
    return this.inner.stop();
  }

  private keep(from: Address, to: Address, message: SipMessage | Buffer): void {
    const bytes = bytesOf(message);
    if (bytes) this.file.append(from, to, maskDigits(bytes), this.clock.wallTime());
  }
}

/** Undefined for a message that can not be sent: the transport says why. */
function bytesOf(message: SipMessage | Buffer): Buffer | undefined {
  try {
    return Buffer.isBuffer(message) ? message : serialize(message);
  } catch {
    return undefined;
  }
}
