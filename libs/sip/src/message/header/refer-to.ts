import { NameAddr } from '../name-addr';
import type { ReplacesValue } from './replaces';
import { decodeReplaces, encodeReplaces } from './replaces';

/** Refer-To (RFC 3515 §2.1): whom to contact, with which method, and what that dialog replaces (RFC 3891 §4). */
export interface ReferTo {
  /** The URI without its header part. */
  readonly uri: string;
  readonly method: string;
  readonly replaces?: ReplacesValue;
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The `Replaces` among the headers of a URI; undefined when absent or malformed. */
function replacesIn(headers: string): ReplacesValue | undefined {
  for (const pair of headers.split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).toLowerCase() !== 'replaces') continue;
    const value = unescaped(pair.slice(equals + 1));
    return value === undefined ? undefined : decodeReplaces(value);
  }
  return undefined;
}

/** undefined when malformed. */
export function decodeReferTo(text: string): ReferTo | undefined {
  const address = NameAddr.parse(text);
  const uri = address?.sipUri;
  if (!address || !uri) return undefined;
  const question =
    uri.headers === undefined ? -1 : address.uri.indexOf('?', address.uri.length - uri.headers.length - 1);
  const replaces = uri.headers === undefined ? undefined : replacesIn(uri.headers);
  return {
    uri: question < 0 ? address.uri : address.uri.slice(0, question),
    method: uri.params.get('method') ?? 'INVITE',
    ...(replaces ? { replaces } : {}),
  };
}

/** Always in angle brackets: the header part would end a bare URI. */
export function encodeReferTo(value: ReferTo): string {
  const replaces = value.replaces ? `?Replaces=${encodeURIComponent(encodeReplaces(value.replaces))}` : '';
  return `<${value.uri}${replaces}>`;
}
