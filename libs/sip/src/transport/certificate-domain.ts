import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { comparableHost } from '../message/ipv6-address';

interface AlternativeNames {
  readonly sipUris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
}

/** Node writes subjectAltName as `KIND:value, KIND:value`, and quotes what could be mistaken. */
const ENTRY = /(DNS|URI|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g;
const MAX_TEXT = 16_384;

function alternativeNames(text: string): AlternativeNames {
  const names = { sipUris: [] as string[], dnsNames: [] as string[], addresses: [] as string[] };
  for (const [, kind, value = ''] of text.slice(0, MAX_TEXT).matchAll(ENTRY)) {
    // A quoted name holds characters that no domain has.
    if (value.startsWith('"')) continue;
    if (kind === 'DNS') names.dnsNames.push(value.toLowerCase());
    else if (kind === 'IP Address') names.addresses.push(comparableHost(value));
    else if (/^sip:[^@;?:]+$/i.test(value)) names.sipUris.push(value.slice(4).toLowerCase());
  }
  return names;
}

/** The domains a certificate vouches for, by the order of RFC 5922 §7.1: sip: URIs, else DNS names, else the common name. */
export function certificateDomains(
  certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>,
): readonly string[] {
  const { sipUris, dnsNames } = alternativeNames(certificate.subjectaltname ?? '');
  if (sipUris.length > 0) return sipUris;
  if (dnsNames.length > 0) return dnsNames;
  const commonName = certificate.subjectaltname ? undefined : certificate.subject?.CN;
  return typeof commonName === 'string' ? [commonName.toLowerCase()] : [];
}

/**
 * undefined when the certificate is one for `name`: a domain equal to it, for wildcards mean nothing here (RFC 5922 §7.2), or for an
 * IP literal that address.
 */
export function domainMismatch(
  name: string,
  certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>,
): Error | undefined {
  const wanted = comparableHost(name).replace(/\.$/, '');
  const known =
    isIP(name) === 0
      ? certificateDomains(certificate)
      : alternativeNames(certificate.subjectaltname ?? '').addresses;
  return known.includes(wanted)
    ? undefined
    : new Error(`certificate is not for ${name} but for ${known.join(', ') || 'nobody'}`);
}
