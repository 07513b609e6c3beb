import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { BlockList, isIP } from 'node:net';

/** Hosts whose answer is kept: a flood from many addresses must not fill the memory. */
const MOST_ANSWERS = 4_096;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** A set of IP addresses and CIDR ranges; an IPv4 address that comes as IPv6 (`::ffff:192.0.2.1`) is the same address. */
export class AddressList {
  /** What was answered for a host, which is asked for several times in each call. */
  private readonly answers = new Map<string, boolean>();

  static readonly EMPTY = new AddressList(new BlockList(), 0);

  private constructor(
    private readonly ranges: BlockList,
    /** How many addresses and ranges it was made of. */
    readonly size: number,
  ) {}

  /** `entries`: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. The error names the first that is none of these. */
  static parse(entries: readonly string[]): Result<AddressList, string> {
    const ranges = new BlockList();
    for (const entry of entries) {
      if (!addEntry(ranges, entry)) return err(entry);
    }
    return ok(new AddressList(ranges, entries.length));
  }

  has(host: string): boolean {
    const known = this.answers.get(host);
    if (known !== undefined) return known;
    const answer = this.isIn(host);
    if (this.answers.size >= MOST_ANSWERS) this.answers.clear();
    this.answers.set(host, answer);
    return answer;
  }

  private isIn(host: string): boolean {
    const address = MAPPED_IPV4.exec(host)?.[1] ?? host;
    const family = isIP(address);
    return family !== 0 && this.ranges.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }
}

function addEntry(ranges: BlockList, entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (prefix === undefined) {
    ranges.addAddress(address, type);
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  ranges.addSubnet(address, Number(prefix), type);
  return true;
}
