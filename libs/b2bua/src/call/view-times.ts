/** RFC 3339 in UTC, of milliseconds since the epoch. */
export const at = (epochMs: number): string => new Date(epochMs).toISOString();

export const maybeAt = (epochMs: number | undefined): string | undefined =>
  epochMs === undefined ? undefined : at(epochMs);
