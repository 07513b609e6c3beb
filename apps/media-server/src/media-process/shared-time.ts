const NANOSECONDS = 1_000_000n;

/** Milliseconds of a monotonic clock that all processes of this machine share. */
export const sharedNowMs = (): number => Number(process.hrtime.bigint() / NANOSECONDS);
