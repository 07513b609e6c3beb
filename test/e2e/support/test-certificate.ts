import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM files of a certificate for 127.0.0.1, made for one test run. */
export interface TestCertificate {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** Certificate and key in one file. */
  readonly both: string;
}

/** An authority and a certificate that it signed, in `folder`, valid for two days. */
export function testCertificate(folder: string): TestCertificate {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => void execFileSync('openssl', args, { stdio: 'ignore' });
  const [authority, certificate, key, both] = ['ca.pem', 'own.pem', 'own.key', 'both.pem'].map(file) as [
    string,
    string,
    string,
    string,
  ];
  const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...['req', '-x509', ...ecKey, '-keyout', file('ca.key'), '-out', authority],
    ...['-days', '2', '-subj', '/CN=Legato test authority'],
  );
  openssl('req', ...ecKey, '-keyout', key, '-out', file('own.csr'), '-subj', '/CN=127.0.0.1');
  writeFileSync(file('own.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  openssl(
    ...['x509', '-req', '-in', file('own.csr'), '-CA', authority, '-CAkey', file('ca.key')],
    ...['-CAcreateserial', '-days', '2', '-extfile', file('own.ext'), '-out', certificate],
  );
  writeFileSync(both, Buffer.concat([readFileSync(certificate), readFileSync(key)]), { mode: 0o600 });
  return { authority, certificate, key, both };
}
