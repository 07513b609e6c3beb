import { TransportInbox, buildRequest } from '@legato/testing';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { NamedAddress } from './transport';
import type { TlsTransportOptions } from './tls.transport';
import { TlsTransport } from './tls.transport';

const folder = mkdtempSync(join(tmpdir(), 'legato-tls-'));
const file = (name: string): string => join(folder, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
const newKey = (name: string): void =>
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file(name));

interface Identity {
  certificate: Buffer;
  key: Buffer;
}

function authority(name: string): Buffer {
  newKey(`${name}.key`);
  openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    file(`${name}.key`),
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-out',
    file(`${name}.pem`),
  );
  return readFileSync(file(`${name}.pem`));
}

function identity(name: string, names: string, signer = 'ca', days = '2'): Identity {
  newKey(`${name}.key`);
  writeFileSync(file(`${name}.ext`), `subjectAltName=${names}\n`);
  openssl(
    'req',
    '-new',
    '-key',
    file(`${name}.key`),
    '-subj',
    '/CN=ignored.example',
    '-out',
    file(`${name}.csr`),
  );
  const sign = [
    'x509',
    '-req',
    '-in',
    file(`${name}.csr`),
    '-CA',
    file(`${signer}.pem`),
    '-CAkey',
    file(`${signer}.key`),
  ];
  openssl(
    ...sign,
    '-CAcreateserial',
    '-days',
    days,
    '-extfile',
    file(`${name}.ext`),
    '-out',
    file(`${name}.pem`),
  );
  return { certificate: readFileSync(file(`${name}.pem`)), key: readFileSync(file(`${name}.key`)) };
}

const ca = authority('ca');
const otherCa = authority('other');
const bob = identity('bob', 'URI:sip:example.com,DNS:host7.example.net,IP:127.0.0.1');
const alice = identity('alice', 'DNS:alice.example');
const stranger = identity('stranger', 'DNS:example.com', 'other');
const expired = identity('expired', 'DNS:example.com', 'ca', '0');

const running: TlsTransport[] = [];

async function start(who: Identity, options: Partial<TlsTransportOptions> = {}) {
  const inbox = new TransportInbox();
  const transport = new TlsTransport({ host: '127.0.0.1', port: 0, authorities: ca, ...who, ...options });
  await transport.start(inbox);
  running.push(transport);
  return { transport, inbox };
}

function failure(from: TlsTransport, to: NamedAddress): Promise<Error> {
  return new Promise((resolve) => from.send(buildRequest(), to, resolve));
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('TLS transport (RFC 5922 §7)', () => {
  it('reaches a server whose certificate is for the domain that was looked for', async () => {
    const a = await start(alice);
    const b = await start(bob);
    a.transport.send(buildRequest({ callId: 'secret' }), { ...b.transport.local, serverName: 'example.com' });
    const message = await b.inbox.next();
    expect(message.callId).toBe('secret');
    expect(message.flow?.protocol).toBe('TLS');
  });

  it('reaches an IP literal that the certificate names', async () => {
    const a = await start(alice);
    const b = await start(bob);
    a.transport.send(buildRequest(), b.transport.local);
    await b.inbox.next();
  });

  it('refuses another domain, and a host name when the certificate has a sip: domain', async () => {
    const a = await start(alice);
    const b = await start(bob);
    for (const serverName of ['example.org', 'sub.example.com', 'host7.example.net', 'ignored.example']) {
      expect((await failure(a.transport, { ...b.transport.local, serverName })).message).toContain(
        'certificate is not for',
      );
    }
    expect(b.inbox.messages).toEqual([]);
  });

  it.each([
    ['that nobody we trust has signed', stranger],
    ['that has expired', expired],
  ])('refuses a certificate %s', async (_what, who) => {
    const a = await start(alice);
    const b = await start(who);
    await failure(a.transport, { ...b.transport.local, serverName: 'example.com' });
    expect(b.inbox.messages).toEqual([]);
  });

  it('refuses a client without a certificate we trust when one is required', async () => {
    const b = await start(bob, { requireClientCertificate: true });
    const trusted = await start(alice);
    const untrusted = await start(stranger);
    trusted.transport.send(buildRequest({ callId: 'trusted' }), {
      ...b.transport.local,
      serverName: 'example.com',
    });
    await b.inbox.next();
    await failureOrClose(untrusted.transport, { ...b.transport.local, serverName: 'example.com' });
    expect(b.inbox.messages.map((each) => each.callId)).toEqual(['trusted']);
  });

  describe('that a client opened', () => {
    /** A request of alice with this Via, then one of bob to where that Via says. */
    async function sendsBack(who: Identity, via: string, required: boolean) {
      const b = await start(bob, required ? { requireClientCertificate: true } : {});
      const a = await start(who);
      const request = buildRequest({ vias: [via] });
      a.transport.send(request, { ...b.transport.local, serverName: 'example.com' });
      await b.inbox.next();
      const back = { host: '127.0.0.1', port: 5099, serverName: 'alice.example' };
      const failed = new Promise<boolean>((resolve) =>
        b.transport.send(buildRequest({ callId: 'back' }), back, () => resolve(false)),
      );
      const arrived = a.inbox.next().then(({ callId }) => callId === 'back');
      return Promise.race([failed, arrived]);
    }
    const ALIAS = 'SIP/2.0/TLS alice.example:5099;branch=z9hG4bK-1;alias';

    it('carries our requests to it, when its certificate is for its Via and it says alias (RFC 5923 §5)', async () => {
      expect(await sendsBack(alice, ALIAS, true)).toBe(true);
    });

    it.each([
      ['it says no alias', alice, ALIAS.replace(';alias', ''), true],
      ['it has shown no certificate', alice, ALIAS, false],
      ['its certificate is for somebody else', bob, ALIAS, true],
    ])('does not when %s (RFC 5923 §9)', async (_why, who, via, required) => {
      expect(await sendsBack(who, via, required)).toBe(false);
    });
  });

  it('gives up a connection that is not established in time, and what waits for it', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined).resume());
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const a = await start(alice, { limits: { connectDeadlineMs: 20 } });
    const { port } = mute.address() as AddressInfo;
    expect((await failure(a.transport, { host: '127.0.0.1', port })).message).toBe('deadline passed');
    expect(a.transport.connections).toBe(0);
    mute.close();
    await once(mute, 'close');
  });

  it('refuses TLS below 1.2', async () => {
    const b = await start(bob);
    const { port } = b.transport.local;
    const socket = connect({
      port,
      host: '127.0.0.1',
      ca,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      checkServerIdentity: () => undefined,
    });
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toMatch(/protocol|version|alert/i);
    socket.destroy();
  });

  it('does not trust another authority than its own', async () => {
    const a = await start(alice, { authorities: otherCa });
    const b = await start(bob);
    await failure(a.transport, { ...b.transport.local, serverName: 'example.com' });
    expect(b.inbox.messages).toEqual([]);
  });
});

/** With TLS 1.3 a client learns of its refusal after its handshake: the message may seem sent, then the connection closes. */
async function failureOrClose(from: TlsTransport, to: NamedAddress): Promise<void> {
  from.send(buildRequest({ callId: 'untrusted' }), to);
  while (from.connections > 0) await new Promise((resolve) => setImmediate(resolve));
}
