import { AddressList } from '@legato/sip-nest';
import { SipUri } from '@legato/sip';
import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

const MAX_PORT = 65_535;

/** An absolute path; a relative one counts from the working directory. */
export const pathField = z
  .string()
  .max(4096)
  .transform((path) => (isAbsolute(path) ? path : resolve(path)));

/** `localhost` stands for 127.0.0.1: SIP writes addresses into messages and binds one socket. */
export const hostField = (expected: string) =>
  z.string().transform((text, context) => {
    const host = text === 'localhost' ? '127.0.0.1' : text;
    if (isIP(host) === 0) context.addIssue(expected);
    return host;
  });

export const portField = z
  .string()
  .regex(/^\d{1,5}$/, 'expected a port number from 0 (any free port) to 65535')
  .transform(Number)
  .refine((port) => port <= MAX_PORT, 'expected a port number from 0 (any free port) to 65535');

const MAX_RATE = 1_000_000;

/** Events a second; 0 for no limit. */
export const rateField = z
  .string()
  .regex(/^\d{1,7}$/, 'expected a number from 0 (no limit) to 1000000')
  .transform(Number)
  .refine((rate) => rate <= MAX_RATE, 'expected a number from 0 (no limit) to 1000000');

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const isServerUri = (text: string): boolean => {
  const uri = SipUri.parse(text);
  return uri?.scheme === 'sip' && uri.host !== '';
};

/** Comma list of SIP URIs, one at least. */
export const sipUriListField = z.string().transform((text, context) => {
  const uris = splitList(text);
  const wrong = uris.find((uri) => !isServerUri(uri));
  if (uris.length === 0 || wrong !== undefined) {
    context.addIssue('expected a comma list of SIP URIs such as sip:127.0.0.1:5080');
  }
  return uris;
});

/** Comma list of printable keys without blanks. */
export const keyListField = z.string().transform((text, context) => {
  const keys = splitList(text);
  if (keys.length === 0 || keys.some((key) => !/^[\x21-\x7e]{1,256}$/.test(key))) {
    context.addIssue('expected a comma list of keys of 1 to 256 printable ASCII characters without blanks');
  }
  return keys;
});

/** Comma list of origins as browsers write them (RFC 6454 §6.2), one at least. */
export const originListField = z.string().transform((text, context) => {
  const origins = splitList(text).map((origin) => origin.toLowerCase());
  const isOrigin = (origin: string) => URL.canParse(origin) && new URL(origin).origin === origin;
  if (origins.length === 0 || !origins.every(isOrigin))
    context.addIssue('expected a comma list of origins such as https://phone.example.com');
  return origins;
});

/** Comma list of IP addresses and CIDR ranges. */
export const addressListField = z.string().transform((text, context) => {
  const list = AddressList.parse(splitList(text));
  if (list.ok) return list.value;
  context.addIssue('expected a comma list of IP addresses and ranges such as 10.0.0.0/8');
  return z.NEVER;
});

const isOriginOf = (url: URL): boolean =>
  (url.protocol === 'http:' || url.protocol === 'https:') && `${url.origin}/` === url.href;

/** Where HTTP is served: scheme, host and port, nothing more. */
export const httpUrlField = z
  .string()
  .refine(
    (text) => URL.canParse(text) && isOriginOf(new URL(text)),
    'expected a URL without a path such as http://10.0.0.5:3000',
  );

export const redisUrlField = z
  .string()
  .refine(
    (text) =>
      URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
    'expected a URL such as redis://127.0.0.1:6379/0',
  );

export const nodeIdField = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected 1 to 64 letters, digits, dots, dashes or underscores');
