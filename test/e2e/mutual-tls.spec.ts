import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { sineWave, writeWav } from '@legato/media';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { Baresip } from './support/baresip';
import { eventually } from './support/eventually';
import { workerPort } from '@legato/testing';
import { Rest } from './support/rest';
import type { TestCertificate } from './support/test-certificate';
import { testCertificate } from './support/test-certificate';

const CLOSED = 'closed';

/** RFC 5922 §7.4: who connects has to show a certificate, too. */
describe('a node that asks for client certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-mutual-'));
  let certificate: TestCertificate;
  let stranger: TestCertificate;
  let control: ControlPlane;
  let tlsPort: number;

  beforeAll(async () => {
    certificate = testCertificate(folder);
    stranger = testCertificate(mkdtempSync(join(folder, 'stranger-')));
    tlsPort = await workerPort();
    control = await startControlPlane({
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
      LEGATO_SIP_TLS_PORT: String(tlsPort),
      LEGATO_SIP_TLS_CERT: certificate.certificate,
      LEGATO_SIP_TLS_KEY: certificate.key,
      LEGATO_SIP_TLS_CA: certificate.authority,
      LEGATO_SIP_TLS_CLIENT_CERT: 'required',
    });
  }, 60_000);

  afterAll(async () => {
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** The start line that answers an OPTIONS, or that the connection was closed instead. */
  async function options(shown: TestCertificate | undefined): Promise<string> {
    const socket = connect({
      port: tlsPort,
      host: '127.0.0.1',
      ca: readFileSync(certificate.authority),
      ...(shown && { cert: readFileSync(shown.certificate), key: readFileSync(shown.key) }),
    });
    const lines = [
      'OPTIONS sip:legato SIP/2.0',
      'Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK-1',
      'Max-Forwards: 70',
      'From: <sip:a@127.0.0.1>;tag=1',
      'To: <sip:legato>',
      `Call-ID: ${Math.random()}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
    ];
    socket.on('error', () => undefined);
    socket.on('secureConnect', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    const answered = once(socket, 'data').then(([bytes]) => String(bytes).split('\r\n')[0] ?? '');
    const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(CLOSED)));
    const outcome = await Promise.race([answered.catch(() => CLOSED), closed]);
    socket.destroy();
    return outcome;
  }

  it('serves who shows one that its authority has signed, and nobody else', async () => {
    expect(await options(certificate)).toBe('SIP/2.0 200 OK');
    expect(await options(undefined)).toBe(CLOSED);
    expect(await options(stranger)).toBe(CLOSED);
  });

  it('registers a phone that has one', async () => {
    const spoken = join(folder, 'spoken.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 1_000)));
    const phone = await Baresip.start({
      folder: join(folder, 'phone'),
      user: '1001',
      speaks: spoken,
      answers: 'manual',
      registers: { at: `127.0.0.1:${tlsPort}`, intervalS: 60, transport: 'tls' },
      tls: { certificate: certificate.both, authorities: certificate.authority },
    });
    try {
      const rest = new Rest(control.http);
      await eventually('the phone is registered', () =>
        rest.get(`/v1/registrations/sip:1001@127.0.0.1`).catch(() => undefined),
      );
    } finally {
      await phone.stop();
    }
  }, 60_000);
});
