import type { Address, SipMessage, SipRequest } from '@legato/sip';
import { Headers, NameAddr, SipResponse, SipUri, Via } from '@legato/sip';
import type { MemoryNetwork, RecordingTransport } from '@legato/testing';

/** A proxy of RFC 3261 §16 as far as the flows of RFC 3665 need it: stateless, record-routing, loose. */
export class RecordRoutingProxy {
  private readonly transport: RecordingTransport;
  /** Answers a request itself instead of forwarding it. */
  answers: ((request: SipRequest) => SipResponse | undefined) | undefined;
  /** Methods that went through, in order. */
  readonly seen: string[] = [];

  constructor(
    network: MemoryNetwork,
    private readonly address: Address,
    /** Where requests go that have no Route left. */
    private readonly next: Address,
  ) {
    this.transport = network.transport(address);
  }

  start(): Promise<void> {
    const receiveMessage = (message: SipMessage): void => {
      if (message.kind === 'request') this.forward(message);
      else this.back(message);
    };
    return this.transport.start({ receiveMessage, receiveMalformed: () => undefined });
  }

  get uri(): string {
    return `sip:${this.address.host}:${this.address.port};lr`;
  }

  private forward(request: SipRequest): void {
    this.seen.push(request.method);
    // The ACK of a refusal of our own goes no further.
    if (request.method === 'ACK' && request.to.tag === 'proxy') return;
    const answer = this.answers?.(request);
    if (answer) this.transport.send(answer, hostOf(answer));
    else this.pass(request.clone());
  }

  private pass(request: SipRequest): void {
    const { headers } = request;
    // One branch for a request, its CANCEL and its ACK: derived from the one it came with.
    const branch = `${request.via.branch ?? ''}p`;
    if (NameAddr.parse(headers.getAll('Route')[0] ?? '')?.uri === this.uri) headers.removeFirst('Route');
    headers.set('Max-Forwards', String((request.maxForwards ?? 70) - 1));
    if (request.method === 'INVITE' && request.to.tag === undefined) {
      headers.prepend('Record-Route', `<${this.uri}>`);
    }
    headers.prepend('Via', Via.of({ protocol: 'UDP', ...this.address, branch }).toString());
    this.transport.send(request, this.hop(request));
  }

  /** The next Route, the Request-URI of a request that was routed by us, or the next hop that is configured. */
  private hop(request: SipRequest): Address {
    const [route] = request.headers.getAll('Route');
    const uri =
      route === undefined
        ? request.to.tag === undefined
          ? undefined
          : request.requestUri
        : NameAddr.parse(route)?.uri;
    const parsed = uri === undefined ? undefined : SipUri.parse(uri);
    return parsed ? { host: parsed.host, port: parsed.port ?? 5060 } : this.next;
  }

  private back(response: SipResponse): void {
    const headers = response.headers.clone();
    headers.removeFirst('Via');
    const copy = new SipResponse(
      response.status,
      response.reason,
      new Headers(headers.entries()),
      response.body,
    );
    this.transport.send(copy, hostOf(copy));
  }
}

const hostOf = ({ via }: SipResponse): Address => ({ host: via.host, port: via.port ?? 5060 });
