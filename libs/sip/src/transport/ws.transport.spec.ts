import { FakeClock, TransportInbox, buildRequest } from '@legato/testing';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { WebSocket } from 'ws';
import { serialize } from '../message/serializer';
import { SipResponse } from '../message/sip-response';
import type { WsTransportOptions } from './ws.transport';
import { WsTransport } from './ws.transport';

const running: WsTransport[] = [];
const clients: WebSocket[] = [];

async function start(options: WsTransportOptions = {}) {
  const transport = new WsTransport({ host: '127.0.0.1', port: 0, ...options });
  const inbox = new TransportInbox();
  await transport.start(inbox);
  running.push(transport);
  return { transport, inbox, url: `ws://127.0.0.1:${transport.local.port}/` };
}

async function connect(url: string, subprotocol = 'sip'): Promise<WebSocket> {
  const client = new WebSocket(url, subprotocol);
  clients.push(client);
  client.on('error', () => undefined);
  await once(client, 'open');
  return client;
}

const request = (method = 'OPTIONS') =>
  buildRequest({ method, vias: ['SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKws'] });

const heard = async (client: WebSocket): Promise<string> => {
  const [data] = (await once(client, 'message')) as [Buffer];
  return data.toString();
};

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

describe('WebSocket transport', () => {
  it.each([true, false])(
    'takes a message from one frame, binary: %s, and tells its flow (RFC 7118 §5)',
    async (binary) => {
      const { inbox, transport, url } = await start();
      const client = await connect(url);
      expect(client.protocol).toBe('sip');
      client.send(serialize(request()), { binary });
      const { flow, via } = await inbox.next();
      expect(flow).toMatchObject({ protocol: 'WS', local: transport.local, remote: { host: '127.0.0.1' } });
      expect(via.params.get('received')).toBe('127.0.0.1');
    },
  );

  it.each([
    [undefined, true],
    ['https://phone.example.com', true],
    ['HTTPS://phone.example.com', true],
    ['https://evil.example', false],
    ['https://phone.example.com.evil.example', false],
    ['null', false],
  ])('lets a page of Origin %s connect: %s, when only some may (RFC 6455 §10.2)', async (origin, welcome) => {
    const { transport, url } = await start({ origins: ['https://phone.example.com'] });
    const client = new WebSocket(url, 'sip', origin === undefined ? {} : { origin });
    clients.push(client);
    const outcome = await new Promise<string>((resolve) => {
      client.on('open', () => resolve('open'));
      client.on('error', ({ message }) => resolve(message));
    });
    expect(outcome).toBe(welcome ? 'open' : 'Unexpected server response: 403');
    expect(transport.connections).toBe(welcome ? 1 : 0);
  });

  it('answers along the connection, and sends requests there (RFC 7118 §5)', async () => {
    const { inbox, transport, url } = await start();
    const client = await connect(url);
    client.send(serialize(request()));
    const message = await inbox.next();
    if (message.kind !== 'request' || !message.flow) throw new Error('no request');
    const answered = heard(client);
    transport.send(SipResponse.to(message, 200), message.flow);
    expect(await answered).toMatch(/^SIP\/2\.0 200 /);
    const asked = heard(client);
    transport.send(request('BYE'), message.flow.remote);
    expect(await asked).toMatch(/^BYE /);
    expect(transport.connections).toBe(1);
  });

  it('refuses who does not offer the subprotocol (RFC 7118 §4.1)', async () => {
    const { transport, url } = await start();
    const client = new WebSocket(url, 'chat');
    const [error] = (await once(client, 'error')) as [Error];
    expect(error.message).toContain('400');
    expect(transport.connections).toBe(0);
  });

  it('answers plain HTTP with 426', async () => {
    const { transport } = await start();
    const asked = get({ host: '127.0.0.1', port: transport.local.port });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(426);
  });

  it('closes the connection on a message above 64 KiB (RFC 7118 §5)', async () => {
    const { inbox, url } = await start();
    const client = await connect(url);
    client.send(Buffer.alloc(65 * 1024 + 1, 'x'));
    const [code] = (await once(client, 'close')) as [number];
    expect(code).toBe(1009);
    expect(inbox.messages).toEqual([]);
  });

  it('hands up what it could read of a malformed request, and goes on', async () => {
    const { inbox, url } = await start();
    const client = await connect(url);
    client.send('INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/WS h.invalid;branch=z9hG4bKq\r\n\r\n');
    client.send(serialize(request()));
    await inbox.next(2);
    expect(inbox.malformed[0]?.error.status).toBe(400);
    expect(inbox.messages).toHaveLength(1);
  });

  it('answers CRLF CRLF with CRLF (RFC 7118 §6)', async () => {
    const { inbox, url } = await start();
    const client = await connect(url);
    const answered = heard(client);
    client.send('\r\n\r\n');
    expect(await answered).toBe('\r\n');
    expect(inbox.malformed).toEqual([]);
  });

  it('lets one address have so many connections', async () => {
    const { url } = await start({ limits: { maxConnectionsPerHost: 2 } });
    await connect(url);
    const second = await connect(url);
    const third = new WebSocket(url, 'sip');
    await once(third, 'error');
    second.close();
    await once(second, 'close');
    const fourth = await connect(url);
    expect(fourth.readyState).toBe(WebSocket.OPEN);
  });

  it('drops a peer that says nothing, not even to pings (RFC 7118 §6)', async () => {
    const clock = new FakeClock();
    const { inbox, url } = await start({ clock, limits: { pingIntervalMs: 1_000 } });
    const alive = await connect(url);
    const dead = new WebSocket(url, 'sip', { autoPong: false });
    clients.push(dead);
    await once(dead, 'open');
    alive.send(serialize(request()));
    dead.send(serialize(request()));
    await inbox.next(2);
    const pinged = [once(alive, 'ping'), once(dead, 'ping')];
    clock.advance(1_000);
    await Promise.all(pinged);
    alive.send(serialize(request()));
    await inbox.next(3);
    const gone = once(dead, 'close');
    clock.advance(1_000);
    await gone;
    expect(alive.readyState).toBe(WebSocket.OPEN);
  });

  it('closes a connection without a first message in time', async () => {
    const clock = new FakeClock();
    const { url } = await start({ clock, limits: { firstMessageDeadlineMs: 500 } });
    const client = await connect(url);
    const gone = once(client, 'close');
    clock.advance(500);
    await gone;
  });

  it('closes a connection whose peer does not read', async () => {
    const { inbox, transport, url } = await start({ limits: { maxUnsentBytes: 1_000 } });
    const client = await connect(url);
    client.send(serialize(request()));
    const { flow } = await inbox.next();
    if (!flow) throw new Error('no flow');
    const error = await new Promise<Error>((resolve) =>
      transport.send(Buffer.alloc(2_000, 'x'), flow, resolve),
    );
    expect(error.message).toBe('peer does not read');
  });

  it('speaks IPv6', async () => {
    const { inbox, transport } = await start({ host: '::1' });
    const client = await connect(`ws://[::1]:${transport.local.port}/`);
    client.send(serialize(request()));
    expect((await inbox.next()).flow?.remote.host).toBe('::1');
  });
});
