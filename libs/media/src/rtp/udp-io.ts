import type { PacketListener } from './rtp-port';

/** One bound UDP socket. */
export interface UdpSocket {
  readonly port: number;
  listen(listener: PacketListener): void;
  /** Sends one datagram, now; what can not be sent is lost, as on any network. Hosts that are no address of our family are skipped. */
  send(bytes: Uint8Array, host: string, port: number): void;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

/** How datagrams get to the operating system and back. */
export interface UdpIo {
  /** Port 0 lets the system choose. Rejects with the system's error, its name in `code` (EADDRINUSE and the like). */
  bind(host: string, port: number): Promise<UdpSocket>;
}

/** About three seconds of packets, while the event loop is held up. */
export const RECEIVE_BUFFER_BYTES = 262_144;
