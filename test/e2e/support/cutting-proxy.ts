import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A TCP relay that can keep answers back and break connections: a request is carried out, its answer is lost. */
export class CuttingProxy {
  private readonly pairs = new Set<[client: Socket, upstream: Socket]>();
  private withholding = false;
  private deaf = false;
  private server: Server | undefined;

  private constructor(private readonly target: number) {}

  static async start(targetPort: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(targetPort);
    await proxy.listen();
    return proxy;
  }

  get port(): number {
    const address = this.server?.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** From now on answers are thrown away. */
  withholdAnswers(): void {
    this.withholding = true;
  }

  /** From now on requests are thrown away: as a process that hangs. */
  withholdRequests(): void {
    this.deaf = true;
  }

  /** Breaks every connection; new ones work. */
  cut(): void {
    this.withholding = false;
    this.deaf = false;
    for (const [client, upstream] of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private listen(): Promise<void> {
    const server = createServer((client) => this.relay(client));
    this.server = server;
    return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  private relay(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    const pair: [Socket, Socket] = [client, upstream];
    this.pairs.add(pair);
    client.on('data', (bytes) => {
      if (!this.deaf) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!this.withholding) client.write(bytes);
    });
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
  }
}
