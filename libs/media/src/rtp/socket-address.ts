import { isIP, isIPv4 } from 'node:net';
import { endianness } from 'node:os';

export const AF_INET = 2;
export const AF_INET6 = 10;
const IPV4_BYTES = 16;
const IPV6_BYTES = 28;
/** Long enough for either family. */
export const SOCKET_ADDRESS_BYTES = IPV6_BYTES;
/** Of the family AF_UNSPEC: what a socket is connected to when it is to be connected no more. */
export const NO_SOCKET_ADDRESS: Uint8Array = new Uint8Array(IPV4_BYTES);
const PORT_AT = 2;
const IPV4_AT = 4;
const IPV6_AT = 8;
const GROUPS = 8;

/** `struct sockaddr_in` or `sockaddr_in6` of Linux; undefined for a host that is no address. */
export function encodeSocketAddress(host: string, port: number): Buffer | undefined {
  const family = isIP(host);
  if (family === 0 || host.includes('%')) return undefined;
  const address = Buffer.alloc(family === 4 ? IPV4_BYTES : IPV6_BYTES);
  writeFamily(address, family === 4 ? AF_INET : AF_INET6);
  address.writeUInt16BE(port, PORT_AT);
  if (family === 4) address.set(host.split('.').map(Number), IPV4_AT);
  else groupsOf(host).forEach((group, index) => address.writeUInt16BE(group, IPV6_AT + 2 * index));
  return address;
}

export const portOf = (address: Buffer): number => address.readUInt16BE(PORT_AT);

/** The host in the notation that comes out of Node's own sockets. */
export function hostOf(address: Buffer, family: number): string {
  if (family === AF_INET) return address.subarray(IPV4_AT, IPV4_AT + 4).join('.');
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    address.readUInt16BE(IPV6_AT + 2 * index).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function writeFamily(address: Buffer, family: number): void {
  if (endianness() === 'LE') address.writeUInt16LE(family, 0);
  else address.writeUInt16BE(family, 0);
}

function groupsOf(host: string): number[] {
  const [head = '', tail] = host.split('::');
  const before = numbersOf(head);
  const after = tail === undefined ? [] : numbersOf(tail);
  return [...before, ...new Array<number>(GROUPS - before.length - after.length).fill(0), ...after];
}

function numbersOf(text: string): number[] {
  return text.split(':').flatMap((part) => {
    if (part === '') return [];
    if (!isIPv4(part)) return [parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
