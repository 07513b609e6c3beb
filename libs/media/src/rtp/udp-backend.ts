import type { Log } from '@legato/kernel';
import { BatchedUdpIo } from './batched-sockets';
import { DgramIo } from './dgram-socket';
import type { UdpIo } from './udp-io';

/** `batched`: io_uring of Linux, many datagrams with one call; `dgram`: Node's sockets; `auto`: the first where it works. */
export const UDP_BACKENDS = ['auto', 'batched', 'dgram'] as const;
export type UdpBackend = (typeof UDP_BACKENDS)[number];

/** Throws for `batched` where it does not work; `auto` then takes Node's sockets and says so. */
export function udpIoOf(backend: UdpBackend, log: Log): UdpIo {
  if (backend === 'dgram') return new DgramIo(log);
  const io = BatchedUdpIo.load(log);
  if (io) return io;
  if (backend === 'batched')
    throw new Error('io_uring can not be used here (Linux 6.1, not forbidden): choose the backend "dgram"');
  log.info('RTP goes through the sockets of Node', { platform: process.platform });
  return new DgramIo(log);
}
