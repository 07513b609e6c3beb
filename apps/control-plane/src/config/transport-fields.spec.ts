import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config';

describe('the configuration of the transports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-tls-config-'));
  const file = (name: string) => join(folder, name);
  const tls = { LEGATO_SIP_TLS_CERT: file('own.pem'), LEGATO_SIP_TLS_KEY: file('own.key') };

  beforeAll(() => {
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=legato'];
    const made = ['-keyout', file('own.key'), '-out', file('own.pem')];
    execFileSync('openssl', ['req', '-x509', ...ec, ...made], { stdio: 'ignore' });
    writeFileSync(file('none.pem'), 'no certificate');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const complaint = (env: Record<string, string>) => {
    const outcome = readConfig(env);
    return outcome.ok ? '' : outcome.error.join();
  };

  it('serves no TLS and no WebSocket, and limits a source, unless told', () => {
    const outcome = readConfig({});
    const sip = outcome.ok ? outcome.value.sip : undefined;
    expect(sip).toMatchObject({ requestsPerSecond: 100 });
    expect(Object.keys(sip ?? {}).sort()).toEqual([
      'allow',
      'host',
      'port',
      'requestsPerSecond',
      'trustedPeers',
    ]);
  });

  it('reads certificate and key, and every port', () => {
    const ports = {
      LEGATO_SIP_TCP_PORT: '5062',
      LEGATO_SIP_TLS_PORT: '5063',
      LEGATO_SIP_WS_PORT: '8080',
      LEGATO_SIP_WSS_PORT: '8443',
    };
    const outcome = readConfig({ ...tls, ...ports, LEGATO_SIP_RATE: '0' });
    expect(outcome).toMatchObject({
      value: {
        sip: { tcpPort: 5062, tls: { port: 5063 }, wsPort: 8080, wssPort: 8443, requestsPerSecond: 0 },
      },
    });
  });

  it('reads who may connect', () => {
    const outcome = readConfig({
      ...tls,
      LEGATO_SIP_TLS_CA: file('own.pem'),
      LEGATO_SIP_TLS_CLIENT_CERT: 'required',
      LEGATO_SIP_WS_ORIGINS: 'https://Phone.example.com, http://localhost:8080',
    });
    expect(outcome).toMatchObject({
      value: {
        sip: {
          tls: { requireClientCertificate: true },
          wsOrigins: ['https://phone.example.com', 'http://localhost:8080'],
        },
      },
    });
  });

  it.each([
    ['LEGATO_SIP_TLS_CERT', { LEGATO_SIP_TLS_CERT: tls.LEGATO_SIP_TLS_CERT }, 'together'],
    ['LEGATO_SIP_TLS_KEY', { LEGATO_SIP_TLS_KEY: tls.LEGATO_SIP_TLS_KEY }, 'together'],
    [
      'LEGATO_SIP_TLS_CERT',
      { ...tls, LEGATO_SIP_TLS_CERT: file('none.pem') },
      'a PEM certificate with its key',
    ],
    ['LEGATO_SIP_TLS_CA', { ...tls, LEGATO_SIP_TLS_CA: file('missing.pem') }, 'a readable PEM file (ENOENT)'],
    ['LEGATO_SIP_WSS_PORT', { LEGATO_SIP_WSS_PORT: '443' }, 'LEGATO_SIP_TLS_CERT to be set'],
    ['LEGATO_SIP_TLS_CLIENT_CERT', { ...tls, LEGATO_SIP_TLS_CLIENT_CERT: 'required' }, 'LEGATO_SIP_TLS_CA'],
    ['LEGATO_SIP_TLS_CLIENT_CERT', { ...tls, LEGATO_SIP_TLS_CLIENT_CERT: 'yes' }, 'none or required'],
    ['LEGATO_SIP_WS_ORIGINS', { LEGATO_SIP_WS_ORIGINS: 'phone.example.com' }, 'a comma list of origins'],
    ['LEGATO_SIP_WS_ORIGINS', { LEGATO_SIP_WS_ORIGINS: 'https://a.example/path' }, 'a comma list of origins'],
    ['LEGATO_SIP_RATE', { LEGATO_SIP_RATE: '-1' }, 'requests a second'],
  ])('names %s when it is wrong', (name, env, reason) => {
    expect(complaint(env)).toMatch(new RegExp(`^${name}=`));
    expect(complaint(env)).toContain(reason);
  });
});
