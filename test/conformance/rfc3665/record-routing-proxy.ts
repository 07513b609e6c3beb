import type { Address, SipMessage } from '@legato/sip';
import { Headers, NameAddr, SipRequest, SipResponse, SipUri, Via } from '@legato/sip';
import type { MemoryNetwork, RecordingTransport } from '@legato/testing';
import { isIP } from 'node:net';

/** A proxy of RFC 3261 §16 as far as the flows of RFC 3665 need it: stateless, record-routing, loose. */
export class RecordRoutingProxy {
  private readonly transport: RecordingTransport;
  /** Answers a request itself instead of forwarding it. */
  answers: ((request: SipRequest) => SipResponse | undefined) | undefined;
  /** Whether it asks to stay in the path of the dialog (RFC 3261 §16.6 step 4). */
  recordsRoute = true;
  /** What becomes of the bodies that pass: an application layer gateway puts its own address into them. */
  rewrites: (body: Uint8Array) => Uint8Array = (body) => body;
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
    if (this.recordsRoute && request.method === 'INVITE' && request.to.tag === undefined) {
      headers.prepend('Record-Route', `<${this.uri}>`);
    }
    headers.prepend('Via', Via.of({ protocol: 'UDP', ...this.address, branch }).toString());
    this.transport.send(this.rewritten(request), this.hop(request));
  }

  /** The next Route, or the Request-URI of a request within a dialog; a name is of a domain behind the next hop. */
  private hop(request: SipRequest): Address {
    const [route] = request.headers.getAll('Route');
    const uri = SipUri.parse(route === undefined ? request.requestUri : (NameAddr.parse(route)?.uri ?? ''));
    const isWithin = route !== undefined || request.to.tag !== undefined;
    return uri && isWithin && isIP(uri.host) ? { host: uri.host, port: uri.port ?? 5060 } : this.next;
  }

  private rewritten({ method, requestUri, headers, body }: SipRequest): SipRequest {
    headers.remove('Content-Length');
    return new SipRequest(method, requestUri, headers, this.rewrites(body));
  }

  private back(response: SipResponse): void {
    const headers = response.headers.clone();
    headers.removeFirst('Via');
    headers.remove('Content-Length');
    const copy = new SipResponse(
      response.status,
      response.reason,
      new Headers(headers.entries()),
      this.rewrites(response.body),
    );
    this.transport.send(copy, hostOf(copy));
  }
}

const hostOf = ({ via }: SipResponse): Address => ({ host: via.host, port: via.port ?? 5060 });
