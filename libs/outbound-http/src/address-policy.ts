import { BlockList, isIP } from 'node:net';

/** What is not the public Internet: the registries of special addresses (RFC 6890, RFC 8190) and multicast. */
const SPECIAL_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Unspecified, loopback and the old IPv4-compatible form. Mapped addresses are compared as IPv4 by BlockList.
  ['::', 96],
  // What carries an IPv4 address inside: NAT64, 6to4, Teredo.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 23],
  ['100::', 64],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
const WIDTH = { ipv4: 32, ipv6: 128 } as const;

interface Range {
  readonly network: string;
  readonly prefix: number;
}

function parseRange(text: string): Range | undefined {
  const [network = '', prefix, ...more] = text.split('/');
  if (isIP(network) === 0 || more.length > 0) return undefined;
  const width = WIDTH[family(network)];
  if (prefix === undefined) return { network, prefix: width };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  return bits <= width ? { network, prefix: bits } : undefined;
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*$/i;

/** Whether a text can stand in an allow-list: an IP address, a range such as `10.0.0.0/8`, or a host name. */
export const isAllowEntry = (text: string): boolean =>
  parseRange(text) !== undefined || (HOST_NAME.test(text) && !/^[\d.]+$/.test(text) && !text.includes('/'));

export interface AddressPolicyOptions {
  /** Every address may be connected to. */
  readonly allowPrivate?: boolean;
  /** IP addresses, ranges and host names that may be connected to although they are not public. */
  readonly allow?: readonly string[];
}

/** Which addresses may be connected to for somebody else: the public ones, and those that the operator names. */
export class AddressPolicy {
  private readonly special = new BlockList();
  private readonly allowed = new BlockList();
  private readonly names = new Set<string>();

  constructor(private readonly options: AddressPolicyOptions = {}) {
    for (const [network, prefix] of SPECIAL_RANGES) this.special.addSubnet(network, prefix, family(network));
    for (const entry of options.allow ?? []) {
      const range = parseRange(entry);
      if (range) this.allowed.addSubnet(range.network, range.prefix, family(range.network));
      else this.names.add(entry.toLowerCase());
    }
  }

  /** Whether `host` (a name, or an IP literal without brackets) may be reached at `address`. */
  allows(host: string, address: string): boolean {
    if (isIP(address) === 0) return false;
    if (this.options.allowPrivate || this.names.has(host.toLowerCase())) return true;
    const plain = address.replace(/%.*$/, '');
    return this.allowed.check(plain, family(plain)) || !this.special.check(plain, family(plain));
  }
}
