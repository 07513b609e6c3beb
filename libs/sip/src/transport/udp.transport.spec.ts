import { TransportInbox, buildRequest } from '@legato/testing';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { serialize } from '../message/serializer';
import { SipResponse } from '../message/sip-response';
import { UdpTransport } from './udp.transport';

const running: UdpTransport[] = [];

async function start(options: { host?: string; port?: number } = {}) {
  const transport = new UdpTransport({ host: '127.0.0.1', port: 0, ...options });
  const inbox = new TransportInbox();
  await transport.start(inbox);
  running.push(transport);
  return { transport, inbox };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

describe('UDP transport', () => {
  it('carries a message and tells its flow', async () => {
    const a = await start();
    const b = await start();
    a.transport.send(buildRequest({ body: 'v=0' }), b.transport.local);
    const message = await b.inbox.next();
    expect(message.kind === 'request' && message.method).toBe('INVITE');
    expect(message.flow).toEqual({ protocol: 'UDP', local: b.transport.local, remote: a.transport.local });
  });

  it('adds received when sent-by is not the source (§18.2.1)', async () => {
    const a = await start();
    const b = await start();
    a.transport.send(
      buildRequest({ vias: ['SIP/2.0/UDP pc33.example.com;branch=z9hG4bKx'] }),
      b.transport.local,
    );
    const { via } = await b.inbox.next();
    expect(via.toString()).toBe('SIP/2.0/UDP pc33.example.com;branch=z9hG4bKx;received=127.0.0.1');
  });

  it('leaves a Via alone that says where it came from and asks for nothing (§18.2.1)', async () => {
    const a = await start();
    const b = await start();
    const via = 'SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bKx';
    a.transport.send(buildRequest({ vias: [via] }), b.transport.local);
    expect((await b.inbox.next()).headers.get('Via')).toBe(via);
  });

  it('fills received and rport when rport was asked for, even if sent-by is right (RFC 3581 §4)', async () => {
    const a = await start();
    const b = await start();
    const { port } = a.transport.local;
    a.transport.send(
      buildRequest({ vias: [`SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bKx`] }),
      b.transport.local,
    );
    const { via } = await b.inbox.next();
    expect(via.params.get('received')).toBe('127.0.0.1');
    expect(via.params.get('rport')).toBe(String(port));
  });

  it('does not touch the Via of a response', async () => {
    const a = await start();
    const b = await start();
    const request = buildRequest({ vias: ['SIP/2.0/UDP somewhere.example.com;rport;branch=z9hG4bKx'] });
    a.transport.send(SipResponse.to(request, 200), b.transport.local);
    expect((await b.inbox.next()).headers.get('Via')).toBe(
      'SIP/2.0/UDP somewhere.example.com;rport;branch=z9hG4bKx',
    );
  });

  it('ignores empty datagrams and CRLF keep-alives and goes on (RFC 5626 §4.4)', async () => {
    const b = await start();
    const raw = createSocket('udp4');
    for (const each of ['', '\r\n', '\r\n\r\n', '\0\0\0\0'])
      raw.send(each, b.transport.local.port, '127.0.0.1');
    raw.send(serialize(buildRequest({ method: 'OPTIONS' })), b.transport.local.port, '127.0.0.1');
    await b.inbox.next();
    expect(b.inbox.malformed).toEqual([]);
    expect(b.inbox.messages).toHaveLength(1);
    raw.close();
    await once(raw, 'close');
  });

  it('hands up what it could read of a malformed request (§18.3)', async () => {
    const b = await start();
    const raw = createSocket('udp4');
    raw.send(
      'INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKq\r\n\r\n',
      b.transport.local.port,
      '127.0.0.1',
    );
    await b.inbox.next();
    expect(b.inbox.malformed[0]?.error.status).toBe(400);
    expect(b.inbox.malformed[0]?.flow.remote.host).toBe('127.0.0.1');
    raw.close();
    await once(raw, 'close');
  });

  it('survives a closed port at the other end and reports what can not be sent, later and once (§18.4)', async () => {
    const a = await start();
    const gone = await start();
    const target = gone.transport.local;
    await gone.transport.stop();
    a.transport.send(buildRequest({}), target);
    a.transport.send(buildRequest({}), target);
    const errors: Error[] = [];
    const failed = new Promise<void>((resolve) => {
      a.transport.send(buildRequest({}), { host: '127.0.0.1', port: 70_000 }, (error) => {
        errors.push(error);
        resolve();
      });
    });
    expect(errors).toEqual([]);
    await failed;
    a.transport.send(buildRequest({}), a.transport.local);
    await a.inbox.next();
    expect(errors).toHaveLength(1);
  });

  it('reports a datagram that is too long (§18.1.1)', async () => {
    const a = await start();
    const error = await new Promise<Error>((resolve) =>
      a.transport.send(Buffer.alloc(65_530, 'x'), a.transport.local, resolve),
    );
    expect(error.message).toContain('EMSGSIZE');
  });

  it('reports that it is stopped instead of throwing', async () => {
    const a = await start();
    await a.transport.stop();
    const error = await new Promise<Error>((resolve) =>
      a.transport.send(buildRequest({}), { host: '127.0.0.1', port: 5060 }, resolve),
    );
    expect(error.message).toBe('udp transport is not started');
  });

  it('rejects start when the port is taken', async () => {
    const a = await start();
    const second = new UdpTransport({ host: '127.0.0.1', port: a.transport.local.port });
    await expect(second.start(new TransportInbox())).rejects.toThrow('EADDRINUSE');
  });

  it('handles what came in one turn in a row, and answers after it', async () => {
    const order: string[] = [];
    const raw = createSocket('udp4');
    const answered = new Promise<void>((resolve) =>
      raw.on('message', (bytes) => {
        if (order.push(bytes.toString()) === 6) resolve();
      }),
    );
    await new Promise<void>((resolve) => raw.bind(0, '127.0.0.1', resolve));
    const b = new UdpTransport({ host: '127.0.0.1', port: 0 });
    running.push(b);
    const receiveMessage = (): void => {
      order.push('handled');
      queueMicrotask(() => order.push('went on'));
      b.send(Buffer.from('answered'), { host: '127.0.0.1', port: raw.address().port });
    };
    await b.start({ receiveMessage, receiveMalformed: receiveMessage });
    const request = serialize(buildRequest({ method: 'OPTIONS' }));
    raw.send(request, b.local.port, '127.0.0.1');
    raw.send(request, b.local.port, '127.0.0.1');
    await answered;
    expect(order).toEqual(['handled', 'handled', 'went on', 'went on', 'answered', 'answered']);
    raw.close();
    await once(raw, 'close');
  });

  it('sends what it was given before it stops', async () => {
    const b = await start();
    const a = await start();
    a.transport.send(buildRequest({}), b.transport.local);
    await a.transport.stop();
    expect((await b.inbox.next()).kind).toBe('request');
  });

  it.each(['127.0.0.1', '0.0.0.0', '::1', '::'])(
    'hears its own echo on %s, and nobody else does',
    async (host) => {
      const { transport, inbox } = await start({ host });
      let superseded = false;
      transport.echo(() => (superseded = true));
      await new Promise<void>((resolve) => transport.echo(resolve));
      expect(superseded).toBe(false);
      expect([inbox.messages, inbox.malformed]).toEqual([[], []]);
    },
  );

  it('takes nobody else for its own echo', async () => {
    const order: string[] = [];
    const receiveMessage = (): void => void order.push('message');
    const transport = new UdpTransport({ host: '127.0.0.1', port: 0 });
    running.push(transport);
    await transport.start({ receiveMessage, receiveMalformed: receiveMessage });
    const raw = createSocket('udp4');
    // Connected, it sends at once: its datagrams are there before the echo.
    await new Promise<void>((resolve) => raw.connect(transport.local.port, '127.0.0.1', resolve));
    for (let length = 1; length <= 8; length += 1) raw.send(Buffer.alloc(length));
    raw.send(serialize(buildRequest({ method: 'OPTIONS' })));
    await new Promise<void>((resolve) =>
      transport.echo(() => {
        order.push('echo');
        resolve();
      }),
    );
    expect(order).toEqual(['message', 'echo']);
    raw.close();
    await once(raw, 'close');
  });

  it('speaks IPv6 (RFC 5118)', async () => {
    const a = await start({ host: '::1' });
    const b = await start({ host: '::1' });
    a.transport.send(
      buildRequest({ vias: ['SIP/2.0/UDP [::1]:5060;branch=z9hG4bKx;rport'] }),
      b.transport.local,
    );
    const { headers, flow } = await b.inbox.next();
    expect(flow?.remote).toEqual(a.transport.local);
    expect(headers.get('Via')).toContain(';received=::1');
  });

  it('serves IPv4 peers on an IPv6 wildcard under their IPv4 address', async () => {
    const a = await start();
    const both = await start({ host: '::' });
    a.transport.send(buildRequest({}), { host: '127.0.0.1', port: both.transport.local.port });
    const { flow } = await both.inbox.next();
    expect(flow?.remote).toEqual(a.transport.local);
    both.transport.send(buildRequest({}), a.transport.local);
    await a.inbox.next();
  });

  it('knocks: hears of a port that is closed, and leaves one that is open in peace (§18.4)', async () => {
    const a = await start();
    const b = await start();
    const unreachable = jest.fn();
    a.transport.knock(b.transport.local, unreachable);
    const gone = await start();
    await gone.transport.stop();
    const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
      a.transport.knock(gone.transport.local, resolve),
    );
    expect(error.code).toBe('ECONNREFUSED');
    a.transport.send(buildRequest({ body: 'v=0' }), b.transport.local);
    expect(await b.inbox.next()).toMatchObject({ kind: 'request' });
    expect(unreachable).not.toHaveBeenCalled();
  });
});
