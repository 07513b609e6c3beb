import { TransportInbox, buildRequest } from '@legato/testing';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Flow } from '../message/flow';
import { serialize } from '../message/serializer';
import { SipResponse } from '../message/sip-response';
import type { StreamTransportOptions } from './stream.transport';
import { TcpTransport } from './tcp.transport';

const running: TcpTransport[] = [];
const sockets: Socket[] = [];
const servers: Server[] = [];

async function start(options: StreamTransportOptions = {}, inbox = new TransportInbox()) {
  const transport = new TcpTransport({ host: '127.0.0.1', port: 0, ...options });
  await transport.start(inbox);
  running.push(transport);
  return { transport, inbox };
}

async function raw(port: number): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, text: () => text, closed };
}

const info = (callId = 'one'): ReturnType<typeof buildRequest> =>
  buildRequest({ method: 'INFO', vias: ['SIP/2.0/TCP 127.0.0.1:1;branch=z9hG4bKt'], callId, body: 'digit' });

/** Our end of a connection closes a moment after the peer's. */
async function connectionsOf(transport: TcpTransport, count: number): Promise<void> {
  while (transport.connections > count) await new Promise((resolve) => setImmediate(resolve));
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await Promise.all(servers.splice(0).map((each) => new Promise((resolve) => each.close(resolve))));
});

describe('TCP transport', () => {
  it('carries messages over one connection and tells its flow (§18.1.1)', async () => {
    const a = await start();
    const b = await start();
    a.transport.send(info('one'), b.transport.local);
    a.transport.send(info('two'), b.transport.local);
    const message = await b.inbox.next(2);
    expect(b.inbox.messages.map((each) => each.callId)).toEqual(['one', 'two']);
    expect(message.flow).toMatchObject({ protocol: 'TCP', local: b.transport.local });
    expect(message.flow?.connectionId).toMatch(/^[0-9a-f]{16}$/);
    expect([a.transport.connections, b.transport.connections]).toEqual([1, 1]);
  });

  it('sends responses and further requests back on the connection they came on (§18.2.2)', async () => {
    const b = await start();
    const peer = await raw(b.transport.local.port);
    peer.socket.write(serialize(info()));
    const request = await b.inbox.next();
    const flow = request.flow as Flow;
    b.transport.send(SipResponse.to(request as never, 200), {
      ...flow,
      remote: { host: '127.0.0.1', port: 9 },
    });
    b.transport.send(info('back'), flow.remote);
    await once(peer.socket, 'data');
    while (!peer.text().includes('back')) await once(peer.socket, 'data');
    expect(peer.text()).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(b.transport.connections).toBe(1);
  });

  it('opens a connection to the sent-by port when that of the request is closed (§18.2.2)', async () => {
    const a = await start();
    const b = await start();
    const gone = await raw(b.transport.local.port);
    gone.socket.write(serialize(info()));
    const { flow } = await b.inbox.next();
    gone.socket.destroy();
    await gone.closed;
    await connectionsOf(b.transport, 0);
    b.transport.send(SipResponse.to(info(), 200), { ...(flow as Flow), remote: a.transport.local });
    const response = await a.inbox.next();
    expect(response.kind).toBe('response');
  });

  it('survives a one-byte dribble and several messages in a segment (§18.3)', async () => {
    const b = await start();
    const { socket } = await raw(b.transport.local.port);
    socket.setNoDelay(true);
    for (const byte of serialize(info('dribble'))) socket.write(Buffer.from([byte]));
    socket.write(Buffer.concat([serialize(info('x')), serialize(info('y'))]));
    await b.inbox.next(3);
    expect(b.inbox.messages.map((each) => each.callId)).toEqual(['dribble', 'x', 'y']);
  });

  it('answers CRLF CRLF with CRLF (RFC 5626 §3.5.1)', async () => {
    const b = await start();
    const { socket, text } = await raw(b.transport.local.port);
    socket.write('\r\n\r\n');
    await once(socket, 'data');
    expect(text()).toBe('\r\n');
  });

  it('hands up a framing fault with its flow, then closes (RFC 4475 §3.1.2.3)', async () => {
    const inbox = new TransportInbox();
    const b = await start({}, inbox);
    const { socket, text, closed } = await raw(b.transport.local.port);
    const answered = inbox.next().then(() => {
      const { error, flow } = inbox.malformed[0] as (typeof inbox.malformed)[0];
      expect(error).toMatchObject({ status: 400, text: 'Malformed Content-Length', isResponse: false });
      expect(error.salvage?.vias).toEqual(['SIP/2.0/TCP h;branch=z9hG4bKx']);
      return flow;
    });
    inbox.receiveMalformed = (error, flow): void => {
      b.transport.send(SipResponse.to(info(), error.status), flow);
      TransportInbox.prototype.receiveMalformed.call(inbox, error, flow);
    };
    socket.write('INFO sip:a SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKx\r\nContent-Length: -5\r\n\r\n');
    socket.write(serialize(info('after')));
    await answered;
    await closed;
    expect(text()).toMatch(/^SIP\/2\.0 400 /);
    expect(inbox.messages).toEqual([]);
  });

  it('closes a connection whose message does not complete in time, and one that never sends any', async () => {
    const b = await start({ limits: { messageDeadlineMs: 20, firstMessageDeadlineMs: 60 } });
    const slow = await raw(b.transport.local.port);
    const silent = await raw(b.transport.local.port);
    slow.socket.write('INFO sip:a');
    await slow.closed;
    await silent.closed;
    await connectionsOf(b.transport, 0);
    expect(b.transport.connections).toBe(0);
  });

  it('keeps a connection open after a whole message', async () => {
    const b = await start({ limits: { messageDeadlineMs: 10, firstMessageDeadlineMs: 10 } });
    const peer = await raw(b.transport.local.port);
    const other = await raw(b.transport.local.port);
    peer.socket.write(serialize(info()));
    await b.inbox.next();
    await other.closed;
    peer.socket.write(serialize(info('two')));
    await b.inbox.next(2);
    expect(b.transport.connections).toBe(1);
  });

  it('accepts only so many connections from one host', async () => {
    const b = await start({ limits: { maxConnectionsPerHost: 2 } });
    const first = await raw(b.transport.local.port);
    first.socket.write(serialize(info('1')));
    const second = await raw(b.transport.local.port);
    second.socket.write(serialize(info('2')));
    await b.inbox.next(2);
    const third = await raw(b.transport.local.port);
    await third.closed;
    first.socket.destroy();
    await first.closed;
    await connectionsOf(b.transport, 1);
    const fourth = await raw(b.transport.local.port);
    fourth.socket.write(serialize(info('4')));
    await b.inbox.next(3);
  });

  it('reports a refused connection for each waiting message, later (§18.4)', async () => {
    const a = await start();
    const gone = await start();
    const target = gone.transport.local;
    await gone.transport.stop();
    const errors: string[] = [];
    await new Promise<void>((resolve) => {
      a.transport.send(info(), target, (error) => errors.push(error.message));
      a.transport.send(info(), target, (error) => {
        errors.push(error.message);
        resolve();
      });
      expect(errors).toEqual([]);
    });
    expect(errors).toEqual([
      expect.stringContaining('ECONNREFUSED'),
      expect.stringContaining('ECONNREFUSED'),
    ]);
    expect(a.transport.connections).toBe(0);
  });

  it('closes a connection whose peer does not read', async () => {
    const a = await start({ limits: { maxUnsentBytes: 100_000 } });
    const deaf = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.pause();
    });
    servers.push(deaf);
    deaf.listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const target = { host: '127.0.0.1', port: (deaf.address() as { port: number }).port };
    const error = await new Promise<Error>((resolve) => {
      const fill = (): void => {
        for (let i = 0; i < 200; i++) a.transport.send(Buffer.alloc(20_000, 'x'), target, resolve);
      };
      fill();
    });
    expect(error.message).toBe('peer does not read');
  });

  it('reports that it is stopped instead of throwing', async () => {
    const a = await start();
    await a.transport.stop();
    const error = await new Promise<Error>((resolve) =>
      a.transport.send(info(), { host: '127.0.0.1', port: 5060 }, resolve),
    );
    expect(error.message).toBe('TCP transport is not started');
  });

  it('rejects start when the port is taken', async () => {
    const a = await start();
    const second = new TcpTransport({ host: '127.0.0.1', port: a.transport.local.port });
    await expect(second.start(new TransportInbox())).rejects.toThrow('EADDRINUSE');
  });
});
