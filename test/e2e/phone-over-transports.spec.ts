import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave, writeWav } from '@legato/media';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { Baresip } from './support/baresip';
import { eventually } from './support/eventually';
import { workerPort } from '@legato/testing';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import type { TestCertificate } from './support/test-certificate';
import { testCertificate } from './support/test-certificate';

const USER = '1001';
const PASSWORD = 'correct-horse';
const CALLEE = 'callee-answers-then-takes-two-reinvites-then-bye';
const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

/** A real phone registers with its password, calls, holds, resumes and hangs up; SIPp on UDP is called. */
describe('a phone with credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-phone-'));
  const spoken = join(folder, 'spoken.wav');
  let certificate: TestCertificate;
  let control: ControlPlane;
  let rest: Rest;
  let calleePort: number;
  let tlsPort: number;

  beforeAll(async () => {
    certificate = testCertificate(folder);
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 300_000)));
    const file = (name: string, content: unknown) => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    [calleePort, tlsPort] = [await workerPort(), await workerPort()];
    const route = { number: '1000', to: `sip:callee@127.0.0.1:${calleePort}`, mode: 'direct' };
    const users = [{ user: USER, password: PASSWORD }];
    control = await startControlPlane({
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
      LEGATO_SIP_TLS_PORT: String(tlsPort),
      LEGATO_SIP_TLS_CERT: certificate.certificate,
      LEGATO_SIP_TLS_KEY: certificate.key,
      LEGATO_SIP_TLS_CA: certificate.authority,
      LEGATO_ROUTES: file('routes.json', { routes: [route] }),
      LEGATO_CREDENTIALS: file('credentials.json', { realm: '127.0.0.1', users }),
    });
    rest = new Rest(control.http);
  }, 60_000);

  afterAll(async () => {
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const received = (transport: string) =>
    rest.metric(`legato_sip_transport_received_total{transport="${transport}"}`);

  it.each(TRANSPORTS)(
    'registers over %s, calls, holds, resumes and hangs up (RFC 3261 §10, §14, §22)',
    async (transport) => {
      const before = await received(transport);
      const at = transport === 'tls' ? `127.0.0.1:${tlsPort}` : control.sip;
      const phone = await Baresip.start({
        folder: join(folder, transport),
        user: USER,
        speaks: spoken,
        answers: 'manual',
        registers: { at, intervalS: 60, password: PASSWORD, transport },
        tls: { certificate: certificate.both, authorities: certificate.authority },
      });
      try {
        const { bindings } = await eventually('the phone is registered', () =>
          rest
            .get<{ bindings: { contact: string }[] }>(`/v1/registrations/sip:${USER}@127.0.0.1`)
            .catch(() => undefined),
        );
        if (transport !== 'udp') expect(bindings[0]?.contact).toContain(`transport=${transport}`);
        const callee = await sipp({ scenario: CALLEE, cwd: folder, port: calleePort, timeoutS: 40 });
        expect(await phone.command('dial', `sip:1000@${at};transport=${transport}`)).toBe(true);
        await phone.event('CALL_ESTABLISHED');
        const { id } = await rest.call(['in_progress']);
        expect(await phone.command('hold')).toBe(true);
        await rest.until(`/v1/calls/${id}`, ['held']);
        expect(await phone.command('resume')).toBe(true);
        await rest.until(`/v1/calls/${id}`, ['in_progress']);
        expect(await phone.command('hangup')).toBe(true);
        await rest.until(`/v1/calls/${id}`, ['ended']);
        expect(await callee.child.exitWithin(20_000)).toBe(0);
        // REGISTER and INVITE twice each, for their challenges; ACKs, re-INVITEs and BYE.
        expect((await received(transport)) - before).toBeGreaterThan(8);
      } finally {
        await phone.stop();
      }
      await eventually('the phone is gone', async () => {
        const { status } = await fetch(`${control.http}/v1/registrations/sip:${USER}@127.0.0.1`);
        return status === 404;
      });
    },
    90_000,
  );
});
