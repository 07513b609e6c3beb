/** What has happened between this process and Redis since it started. */
export interface RedisCounters {
  commands: number;
  /** Commands that got no answer within their deadline, or an error. */
  unavailable: number;
  /** Commands that were refused at once because too many waited already. */
  overflowed: number;
  /** Commands sent again after the connection broke under them. */
  resent: number;
  connections: number;
  connectionErrors: number;
  writes: number;
  /** Writes whose lost answer was given again. */
  repeatedWrites: number;
  versionConflicts: number;
  fencedWrites: number;
}

export const zeroCounters = (): RedisCounters => ({
  commands: 0,
  unavailable: 0,
  overflowed: 0,
  resent: 0,
  connections: 0,
  connectionErrors: 0,
  writes: 0,
  repeatedWrites: 0,
  versionConflicts: 0,
  fencedWrites: 0,
});
