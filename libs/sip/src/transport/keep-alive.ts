const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;
const KEEP_ALIVE_BYTES = 8;

/** A datagram that only keeps a NAT binding open: empty, CRLFs, or the NULs some peers send (RFC 5626 §3.5, §4.4). */
export function isKeepAlive(bytes: Uint8Array): boolean {
  if (bytes.length > KEEP_ALIVE_BYTES) return false;
  for (const byte of bytes) if (byte !== CR && byte !== LF && byte !== NUL) return false;
  return true;
}
