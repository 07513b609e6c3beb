/** Receives what arrives on an {@link RtpPort}; `bytes` is only valid during the call. */
export type PacketListener = (bytes: Uint8Array, host: string, port: number) => void;

/** An RTP port and the RTCP port above it (RFC 3550 §11). */
export interface RtpPort {
  readonly localPort: number;
  /** Sends `bytes` as one datagram; failures are counted, never thrown. The bytes may be reused after a few further sends. */
  send(bytes: Uint8Array, host: string, port: number): void;
  sendRtcp(bytes: Uint8Array, host: string, port: number): void;
  /** Memory of `length` bytes, at most 1,500, for the packet that is sent next; undefined where the caller has to have his own. */
  lend?(length: number): Uint8Array | undefined;
  /** From now on RTP of this source alone has to be told of; the system may drop all other. */
  connect?(host: string, port: number): void;
  /** RTP of everybody is told of again. */
  disconnect?(): void;
  close(): Promise<void>;
}

/** Opens RTP ports: the seam between the engine and the operating system (one socket each, or a batched backend). */
export interface RtpPortFactory {
  /** Rejects with code NO_PORT when every port of the range is taken. */
  open(onRtp: PacketListener, onRtcp: PacketListener): Promise<RtpPort>;
  /** Called at the beginning of each tick: a backend that does not tell of datagrams as they come does so now. */
  receive?(): void;
  /** Called at the end of each tick: a backend that sends many datagrams with one call of the system does so now. */
  flush?(): void;
}

/** No port of the range was free. */
export class NoPortError extends Error {
  readonly code = 'NO_PORT';
}
