/** The base values of RFC 3261 §17.1.1.1, in milliseconds; all other timers follow from them. */
export interface TimerValues {
  /** Round-trip estimate. */
  readonly T1: number;
  /** Longest interval between retransmissions of a non-INVITE request or an INVITE response. */
  readonly T2: number;
  /** Longest time a message stays in the network. */
  readonly T4: number;
}

export const DEFAULT_TIMERS: TimerValues = { T1: 500, T2: 4000, T4: 5000 };
