import type { AuthParams } from './auth-params';
import { decodeAuthParams, encodeAuthParams } from './auth-params';

/** Digest credentials of Authorization or Proxy-Authorization (RFC 3261 §20.7, RFC 7616 §3.4). */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  /** As it came; MD5 when absent. */
  readonly algorithm: string;
  readonly qop?: string;
  readonly cnonce?: string;
  /** Eight hexadecimal digits, as they came: they are hashed as text. */
  readonly nc?: string;
  readonly opaque?: string;
}

const OPTIONAL = ['qop', 'cnonce', 'nc', 'opaque'] as const;

/** Any scheme; undefined when malformed. */
export const decodeCredentials = (text: string): AuthParams | undefined => decodeAuthParams(text);

/** undefined when malformed, of another scheme, or without one of username, realm, nonce, uri, response. */
export function decodeDigestCredentials(text: string): DigestCredentials | undefined {
  const read = decodeAuthParams(text);
  if (read?.scheme.toLowerCase() !== 'digest') return undefined;
  const { params } = read;
  const [username, realm, nonce, uri, response] = ['username', 'realm', 'nonce', 'uri', 'response'].map(
    (name) => params.get(name),
  );
  if (username === undefined || realm === undefined || nonce === undefined) return undefined;
  if (uri === undefined || response === undefined) return undefined;
  const optional: Partial<Record<(typeof OPTIONAL)[number], string>> = {};
  for (const name of OPTIONAL) {
    const value = params.get(name);
    if (value !== undefined) optional[name] = value;
  }
  return { username, realm, nonce, uri, response, algorithm: params.get('algorithm') ?? 'MD5', ...optional };
}

/** qop and nc are not quoted in credentials (RFC 7616 §3.4). Throws TypeError when a value has control characters. */
export function encodeDigestCredentials(credentials: DigestCredentials): string {
  const params = new Map<string, string>();
  for (const name of ['username', 'realm', 'nonce', 'uri', 'response', 'algorithm', ...OPTIONAL] as const) {
    const value = credentials[name];
    if (value !== undefined) params.set(name, value);
  }
  return encodeAuthParams({ scheme: 'Digest', params }, ['qop']);
}
