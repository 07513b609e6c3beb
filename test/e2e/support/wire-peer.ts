import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { eventually } from './eventually';
import type { WireMessage } from './wire-message';
import { headerOf, headersOf, readWire, writeWire } from './wire-message';

export interface Fields {
  readonly method?: string;
  readonly uri?: string;
  /** Header lines by name; `undefined` leaves one out, a list writes several, the value may be anything. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whole lines, after the others, as they are. */
  readonly lines?: readonly string[];
  readonly body?: Buffer | string;
}

export interface SentRequest {
  readonly branch: string;
  readonly callId: string;
  readonly bytes: Buffer;
}

/** A UDP socket that says whatever a test wants said, and keeps what it hears. */
export class WirePeer {
  readonly heard: WireMessage[] = [];
  /** Called for each request; what it returns is sent back. */
  onRequest: (request: WireMessage) => Buffer | undefined = () => undefined;
  private serial = 0;

  private constructor(
    private readonly socket: Socket,
    readonly host: string,
    readonly port: number,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    socket.on('message', (bytes, source) => {
      const message = readWire(bytes);
      this.heard.push(message);
      const answer = message.method === '' ? undefined : this.onRequest(message);
      if (answer) socket.send(answer, source.port, source.address);
    });
    socket.on('error', () => undefined);
  }

  static async open(targetPort: number, host = '127.0.0.1', port = 0): Promise<WirePeer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, resolve);
    });
    return new WirePeer(socket, host, socket.address().port, { host: '127.0.0.1', port: targetPort });
  }

  get uri(): string {
    return `sip:wire@${this.host}:${this.port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  send(bytes: Buffer | string): void {
    this.socket.send(bytes, this.target.port, this.target.host);
  }

  /** A request that is well-formed but for what `fields` make of it; not sent. */
  compose({ method = 'OPTIONS', uri, headers = {}, lines = [], body = '' }: Fields = {}): SentRequest {
    this.serial += 1;
    const id = `${this.port}-${this.serial}-${Math.random().toString(36).slice(2)}`;
    const [branch, callId] = [`z9hG4bK-wire-${id}`, `wire-${id}`];
    const requestUri = uri ?? `sip:1000@${this.target.host}:${this.target.port}`;
    const all: Record<string, string | readonly string[] | undefined> = {
      Via: `SIP/2.0/UDP ${this.host}:${this.port};branch=${branch};rport`,
      'Max-Forwards': '70',
      From: `<${this.uri}>;tag=${id}`,
      To: `<${requestUri.slice(0, 200)}>`,
      'Call-ID': callId,
      CSeq: `1 ${method}`,
      Contact: `<${this.uri}>`,
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    };
    const written = Object.entries(all).flatMap(([name, value]) =>
      (Array.isArray(value) ? (value as readonly string[]) : [value as string | undefined])
        .filter((each): each is string => each !== undefined)
        .map((each) => `${name}: ${each}`),
    );
    const bytes = writeWire(`${method} ${requestUri} SIP/2.0`, [...written, ...lines], body);
    return { branch, callId, bytes };
  }

  /** Sends a request and waits for its final response; an INVITE that is refused is acknowledged. */
  async ask(fields: Fields = {}, deadlineMs = 10_000): Promise<WireMessage> {
    const sent = this.compose(fields);
    this.send(sent.bytes);
    return this.finalOf(sent, deadlineMs);
  }

  async finalOf({ branch, callId, bytes }: SentRequest, deadlineMs = 10_000): Promise<WireMessage> {
    const final = await eventually(
      `an answer to ${bytes.toString('latin1', 0, 60).split('\r\n')[0]}`,
      () =>
        this.heard.find(
          (message) =>
            message.status >= 200 &&
            (headerOf(message, 'via').includes(branch) || headerOf(message, 'call-id') === callId),
        ),
      deadlineMs,
    );
    if (final.status >= 300 && bytes.toString('latin1', 0, 7) === 'INVITE ') this.send(ackOf(bytes, final));
    return final;
  }

  /** A request that came, the first of `method` that `matches`. */
  request(method: string, matches: (request: WireMessage) => boolean = () => true): Promise<WireMessage> {
    return eventually(`${method} arrives`, () =>
      this.heard.find((message) => message.method === method && matches(message)),
    );
  }

  /** Whether the far end still answers OPTIONS; the answer's round trip in ms. */
  async isAlive(deadlineMs = 5_000): Promise<number> {
    const from = performance.now();
    const { status } = await this.ask({ method: 'OPTIONS' }, deadlineMs);
    if (status !== 200) throw new Error(`OPTIONS answered ${status}`);
    return performance.now() - from;
  }
}

/** The ACK of a failure: the INVITE's own Request-URI, top Via and From, the response's To (RFC 3261 §17.1.1.3). */
export function ackOf(invite: Buffer, response: WireMessage): Buffer {
  const request = readWire(invite);
  const number = parseInt(headerOf(request, 'cseq'), 10);
  return writeWire(request.startLine.replace(/^INVITE /, 'ACK '), [
    `Via: ${headerOf(request, 'via')}`,
    `Max-Forwards: 70`,
    `From: ${headerOf(request, 'from')}`,
    `To: ${headerOf(response, 'to')}`,
    `Call-ID: ${headerOf(request, 'call-id')}`,
    `CSeq: ${number} ACK`,
    'Content-Length: 0',
  ]);
}

/** A response to `request` that any peer would send, with a tag. */
export function answerTo(
  request: WireMessage,
  status: number,
  {
    tag = 'wire',
    headers = [],
    body = '',
  }: { tag?: string; headers?: readonly string[]; body?: string } = {},
): Buffer {
  const to = headerOf(request, 'to');
  return writeWire(
    `SIP/2.0 ${status} Wire`,
    [
      ...headersOf(request, 'via').map((via) => `Via: ${via}`),
      ...headersOf(request, 'record-route').map((route) => `Record-Route: ${route}`),
      `From: ${headerOf(request, 'from')}`,
      `To: ${/;\s*tag=/i.test(to) ? to : `${to};tag=${tag}`}`,
      `Call-ID: ${headerOf(request, 'call-id')}`,
      `CSeq: ${headerOf(request, 'cseq')}`,
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ],
    body,
  );
}
