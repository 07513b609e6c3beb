import type { PacketListener } from './rtp-port';

/** One bound UDP socket. */
export interface UdpSocket {
  readonly port: number;
  listen(listener: PacketListener): void;
  /**
   * Sends one datagram, with the next `flush` of its {@link UdpIo} at the latest; what can not be sent is lost, as on any
   * network. Hosts that are no address of our family are skipped.
   */
  send(bytes: Uint8Array, host: string, port: number): void;
  /** Memory for the datagram that is sent next, of `length` bytes; not there where sending needs none of its own. */
  lend?(length: number): Uint8Array;
  /** From now on only this peer is heard, which makes it cheaper to send to it. Sending elsewhere ends that. May be of no effect. */
  connect(host: string, port: number): void;
  /** Everybody is heard again. */
  disconnect(): void;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

/** How datagrams get to the operating system and back. */
export interface UdpIo {
  /** Port 0 lets the system choose. Rejects with the system's error, its name in `code` (EADDRINUSE and the like). */
  bind(host: string, port: number): Promise<UdpSocket>;
  /** Called before each tick: one that does not tell of datagrams as they come does so now. */
  receive?(): void;
  /** Called after each tick: one that sends many datagrams at once does so now. */
  flush?(): void;
}

/** About three seconds of packets, while the event loop is held up. */
export const RECEIVE_BUFFER_BYTES = 262_144;
