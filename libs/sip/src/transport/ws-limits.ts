import type { StreamLimits } from './stream-limits';
import { DEFAULT_STREAM_LIMITS } from './stream-limits';

/** What a peer may take of a WebSocket transport; a message is 64 KiB at most. */
export interface WsLimits extends StreamLimits {
  /** Between two pings; a peer that was silent since the last one is taken for dead (RFC 7118 §6). */
  readonly pingIntervalMs: number;
}

export const DEFAULT_WS_LIMITS: WsLimits = { ...DEFAULT_STREAM_LIMITS, pingIntervalMs: 30_000 };
