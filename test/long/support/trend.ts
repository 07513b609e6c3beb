export interface Trend {
  readonly perHour: number;
  /** Half the width of the interval that holds the slope with 95 % confidence. */
  readonly confidence: number;
}

const HOUR_S = 3_600;

/** The 97.5 % quantile of Student's t, to a hundredth from four degrees of freedom on. */
const studentT = (degrees: number): number => 1.96 + 2.37 / degrees + 2.8 / degrees ** 2 + 2.5 / degrees ** 3;

/** The line of least squares through (seconds, value). Values that hang together want to be means of batches. */
export function trend(points: readonly { readonly atS: number; readonly value: number }[]): Trend {
  const mean = (of: (point: { atS: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [atS, value] = [mean((point) => point.atS), mean((point) => point.value)];
  const spread = points.reduce((sum, point) => sum + (point.atS - atS) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.atS - atS) * (point.value - value), 0) / spread;
  const rest = points.reduce((sum, point) => sum + (point.value - value - slope * (point.atS - atS)) ** 2, 0);
  const degrees = points.length - 2;
  const error = Math.sqrt(rest / degrees / spread);
  return { perHour: slope * HOUR_S, confidence: studentT(degrees) * error * HOUR_S };
}

/** Samples of equal distance in batches of `size`: the time in the middle, and what `of` makes of the values. */
export function batches<S extends { readonly atS: number }>(
  samples: readonly S[],
  size: number,
  of: (values: readonly S[]) => number,
): { atS: number; value: number }[] {
  return Array.from({ length: Math.floor(samples.length / size) }, (_, index) => {
    const batch = samples.slice(index * size, (index + 1) * size);
    return { atS: batch.reduce((sum, sample) => sum + sample.atS, 0) / size, value: of(batch) };
  });
}
