import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { StreamTransportOptions } from './stream.transport';
import { StreamTransport } from './stream.transport';
import type { NamedAddress } from './transport';

const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** SIP over TCP (RFC 3261 §18). */
export class TcpTransport extends StreamTransport {
  readonly protocol = 'TCP';
  protected readonly reusesAccepted = true;
  protected readonly acceptEvent = 'connection';

  constructor(options: StreamTransportOptions = {}) {
    super(options, 5060);
  }

  protected createServer(): Server {
    return createServer(SOCKET_OPTIONS);
  }

  protected connect(to: NamedAddress): { socket: Socket; ready: 'connect' } {
    return { socket: connect({ host: to.host, port: to.port, ...SOCKET_OPTIONS }), ready: 'connect' };
  }
}
