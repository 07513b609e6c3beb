/** What the trunks that calls leave by want to know of them. */
export interface OutboundTrunks {
  /** A target did not take a call: 5xx, or 408 when it said nothing. `retryAfterMs` when it wants to be left alone for so long. */
  reportFailure(uri: string, status: number, retryAfterMs: number | undefined): void;
  /** Whether calls go on to where this trunk redirects them (RFC 3261 §8.1.3.4). */
  followsRedirects(trunk: string): boolean;
}
