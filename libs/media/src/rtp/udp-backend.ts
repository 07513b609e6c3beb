import type { Log } from '@legato/kernel';
import { DgramIo } from './dgram-socket';
import { LinuxUdpIo } from './linux-sockets';
import type { UdpIo } from './udp-io';

/** `linux`: the system's own calls; `node`: Node's sockets; `auto`: the first where it works. */
export type UdpBackend = 'auto' | 'linux' | 'node';

/** Throws for `linux` where it does not work; `auto` then takes Node's sockets and says so. */
export function udpIoOf(backend: UdpBackend, log: Log): UdpIo {
  if (backend === 'node') return new DgramIo(log);
  const io = LinuxUdpIo.load(log);
  if (io) return io;
  if (backend === 'linux')
    throw new Error('The calls of Linux can not be made here: choose the backend "node"');
  log.info('RTP goes through the sockets of Node', { platform: process.platform });
  return new DgramIo(log);
}
