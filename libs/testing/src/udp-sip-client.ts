import { randomIds } from '@legato/kernel';
import type { Address, SipRequest, SipResponse } from '@legato/sip';
import { parseDatagram, serialize } from '@legato/sip';
import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { RequestFields } from './sip-builders';
import { buildRequest } from './sip-builders';

/** How long a server may take to answer. */
const PATIENCE_MS = 10_000;

/** A client with one UDP socket that sends single requests and hears their final responses. */
export class UdpSipClient {
  private readonly waiting = new Map<string, (response: SipResponse) => void>();
  private readonly patience = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly socket: Socket,
    readonly server: Address,
  ) {
    socket.on('message', (bytes) => {
      const read = parseDatagram(bytes);
      if (!read.ok || read.message.kind !== 'response' || read.message.status < 200) return;
      this.waiting.get(read.message.via.branch ?? '')?.(read.message);
    });
  }

  static async open(server: Address): Promise<UdpSipClient> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new UdpSipClient(socket, server);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** A request of a new call: what `fields` leave out is right for this client. */
  request(fields: RequestFields): SipRequest {
    const branch = `z9hG4bK${randomIds.token(8)}`;
    return buildRequest({
      requestUri: `sip:1000@127.0.0.1:${this.server.port}`,
      vias: [`SIP/2.0/UDP 127.0.0.1:${this.port};branch=${branch}`],
      contact: `<sip:client@127.0.0.1:${this.port}>`,
      callId: randomIds.token(8),
      ...fields,
    });
  }

  /** The final response; rejects when there is none. */
  send(request: SipRequest): Promise<SipResponse> {
    const branch = request.via.branch ?? '';
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        this.waiting.delete(branch);
        this.patience.delete(patience);
        reject(new Error(`no final response to ${request.method} within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      this.patience.add(patience);
      this.waiting.set(branch, (response) => {
        clearTimeout(patience);
        this.patience.delete(patience);
        this.waiting.delete(branch);
        resolve(response);
      });
      this.socket.send(serialize(request), this.server.port, this.server.host);
    });
  }

  /** What was not answered never will be, without a word. */
  close(): void {
    for (const patience of this.patience) clearTimeout(patience);
    this.socket.close();
  }
}
