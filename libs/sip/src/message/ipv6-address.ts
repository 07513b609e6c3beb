import { COLON, decimal, isHexCode } from './characters';

function group(text: string): number | undefined {
  if (text.length === 0 || text.length > 4) return undefined;
  for (let i = 0; i < text.length; i++) if (!isHexCode(text.charCodeAt(i))) return undefined;
  return parseInt(text, 16);
}

function dottedQuad(text: string): [number, number] | undefined {
  const bytes = text.split('.', 5).map((part) => (part.length > 3 ? undefined : decimal(part, 255)));
  const [a, b, c, d] = bytes;
  if (bytes.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined)
    return undefined;
  return [a * 256 + b, c * 256 + d];
}

/** The groups of one side of `::`; a dotted quad may be the last. */
function groups(text: string): number[] | undefined {
  const values: number[] = [];
  if (text === '') return values;
  const parts = text.split(':', 9);
  for (const [index, part] of parts.entries()) {
    const quad = index === parts.length - 1 && part.includes('.') ? dottedQuad(part) : undefined;
    const value = quad ? undefined : group(part);
    if (quad) values.push(...quad);
    else if (value === undefined) return undefined;
    else values.push(value);
  }
  return values;
}

/**
 * The eight groups of an IPv6 address without brackets, or undefined. Also takes the three colons before an IPv4 part that
 * the grammar of RFC 3261 asks for by mistake (RFC 5118 §4.10).
 */
export function parseIpv6(text: string): number[] | undefined {
  if (text.length > 46) return undefined;
  const bug = text.indexOf(':::');
  const fixed = bug >= 0 && text.includes('.', bug) ? text.slice(0, bug) + text.slice(bug + 1) : text;
  const gap = fixed.indexOf('::');
  const head = groups(gap < 0 ? fixed : fixed.slice(0, gap));
  if (!head) return undefined;
  if (gap < 0) return head.length === 8 ? head : undefined;
  if (fixed.charCodeAt(gap + 2) === COLON) return undefined;
  const tail = groups(fixed.slice(gap + 2));
  if (!tail || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** One spelling for each address, so that two of them can be compared as text; lower-cased names stay as they are. */
export function comparableHost(host: string): string {
  const address = host.includes(':') ? parseIpv6(host) : undefined;
  return address ? address.map((each) => each.toString(16)).join(':') : host.toLowerCase();
}

/** The host as it stands in a URI or Via: IPv6 in brackets (RFC 3261 §25.1 IPv6reference). */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
