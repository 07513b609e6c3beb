/** What the layer drops or refuses without telling anyone, by reason; for metrics. */
export interface LayerCounters {
  /** Events for which a machine has no arrow. */
  ignoredEvents: number;
  /** Broken requests answered 400 and the like without a transaction. */
  malformedAnswered: number;
  /** Broken responses and ACKs, and requests without a way back. */
  malformedDropped: number;
  /** Responses that match no client transaction, and are no 2xx to an INVITE. */
  strayResponses: number;
  /** CANCELs answered 481. */
  unmatchedCancels: number;
  /** Requests refused by a rate limit or the cap on transactions. */
  refused: number;
  /** Messages that could not be sent. */
  transportErrors: number;
  /** Exceptions thrown by the transaction user. */
  userFailures: number;
}

export const newCounters = (): LayerCounters => ({
  ignoredEvents: 0,
  malformedAnswered: 0,
  malformedDropped: 0,
  strayResponses: 0,
  unmatchedCancels: 0,
  refused: 0,
  transportErrors: 0,
  userFailures: 0,
});
