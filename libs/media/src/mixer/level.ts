/** A sine at full scale is 3.14 dBm0 (ITU-T G.711); its mean square is half of 32768². */
const FULL_SCALE_DBM0 = 3.14;
const FULL_SCALE_MEAN_SQUARE = 32768 ** 2 / 2;
/** What silence is said to be. */
const LEAST_DBM0 = -96;

/** The mean square of a frame. */
export function meanSquare(frame: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < frame.length; i++) sum += (frame[i] as number) * (frame[i] as number);
  return frame.length === 0 ? 0 : sum / frame.length;
}

/** A mean square in dBm0, never below -96. */
export function toDbm0(square: number): number {
  if (square <= 0) return LEAST_DBM0;
  return Math.max(LEAST_DBM0, 10 * Math.log10(square / FULL_SCALE_MEAN_SQUARE) + FULL_SCALE_DBM0);
}

/** The mean square of a level in dBm0. */
export const fromDbm0 = (level: number): number =>
  FULL_SCALE_MEAN_SQUARE * 10 ** ((level - FULL_SCALE_DBM0) / 10);
