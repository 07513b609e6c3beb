/** What a peer may take of a connection-oriented transport. */
export interface StreamLimits {
  /** From the first byte of a message to its last; then the connection is closed. */
  readonly messageDeadlineMs: number;
  /** From accepting a connection to its first whole message. */
  readonly firstMessageDeadlineMs: number;
  /** For a connection of ours to be established. */
  readonly connectDeadlineMs: number;
  /** Connections accepted from one IP address at a time. */
  readonly maxConnectionsPerHost: number;
  /** Connections accepted in all. */
  readonly maxConnections: number;
  /** What may wait for a peer that does not read; then the connection is closed. */
  readonly maxUnsentBytes: number;
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  messageDeadlineMs: 5_000,
  firstMessageDeadlineMs: 32_000,
  connectDeadlineMs: 4_000,
  maxConnectionsPerHost: 100,
  maxConnections: 10_000,
  maxUnsentBytes: 1024 * 1024,
};
