import { certificateDomains, domainMismatch } from './certificate-domain';

const certificate = (subjectaltname?: string, CN = 'cn.example') =>
  ({ subject: { CN }, subjectaltname }) as unknown as Parameters<typeof domainMismatch>[1];

describe('domains of a certificate (RFC 5922 §7.1)', () => {
  it.each([
    ['sip: URIs before DNS names', 'DNS:host.example, URI:sip:Example.com', ['example.com']],
    [
      'DNS names when no URI is a sip: one',
      'DNS:a.example, URI:https://x.example, DNS:b.example',
      ['a.example', 'b.example'],
    ],
    ['no sip: URI with a user part', 'URI:sip:alice@example.com', []],
    [
      'no name that was quoted to hide a comma',
      'DNS:"evil.example\\", DNS:good.example", DNS:c.example',
      ['c.example'],
    ],
    ['the common name when there is no alternative name', undefined, ['cn.example']],
    ['no common name when there is one', 'IP Address:192.0.2.1', []],
  ])('are %s', (_what, names, expected) => {
    expect(certificateDomains(certificate(names))).toEqual(expected);
  });
});

describe('matching a certificate with what was looked for (RFC 5922 §7.2)', () => {
  it.each([
    ['example.com', 'DNS:example.com', true],
    ['EXAMPLE.com', 'DNS:example.COM', true],
    ['a.example.com', 'DNS:*.example.com', false],
    ['example.com', 'DNS:*.com', false],
    ['example.com', 'DNS:sub.example.com', false],
    ['192.0.2.1', 'IP Address:192.0.2.1', true],
    ['192.0.2.1', 'DNS:192.0.2.1', false],
    ['192.0.2.2', 'IP Address:192.0.2.1', false],
    ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1', true],
  ])('%s with %s: %s', (name, names, matches) => {
    expect(domainMismatch(name, certificate(names)) === undefined).toBe(matches);
  });
});
