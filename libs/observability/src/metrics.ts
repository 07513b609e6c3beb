import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Histogram, Registry } from 'prom-client';

/** A registry of Prometheus metrics of its own: two applications in one process do not share one. */
export function createMetricsRegistry(options: { readonly processMetrics: boolean }): Registry {
  const register = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register });
  return register;
}

export interface MetricDescription {
  /** `legato_` and a unit suffix: `legato_http_requests_total`. */
  readonly name: string;
  readonly help: string;
}

/** A counter; with `labels` each combination counts on its own. */
export function counterIn<Label extends string>(
  register: Registry,
  description: MetricDescription,
  labels: readonly Label[],
): Counter<Label> {
  return new Counter({ ...description, labelNames: [...labels], registers: [register] });
}

/** A histogram of durations in seconds. */
export function durationsIn<Label extends string>(
  register: Registry,
  description: MetricDescription,
  labels: readonly Label[],
  bucketsSeconds: readonly number[],
): Histogram<Label> {
  return new Histogram({
    ...description,
    labelNames: [...labels],
    buckets: [...bucketsSeconds],
    registers: [register],
  });
}

/** Numbers that are read when the page is asked for: label value -> number. */
type Reading = () => Readonly<Record<string, number>>;

/** A gauge that is read when the page is asked for. */
export function gaugeIn(
  register: Registry,
  description: MetricDescription,
  label: string,
  read: Reading,
): void {
  new Gauge({
    ...description,
    labelNames: [label],
    registers: [register],
    collect() {
      this.reset();
      for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
    },
  });
}

/** A counter that somebody else keeps, read when the page is asked for. */
export function totalsIn(
  register: Registry,
  description: MetricDescription,
  label: string,
  read: Reading,
): void {
  new Counter({
    ...description,
    labelNames: [label],
    registers: [register],
    collect() {
      this.reset();
      for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
    },
  });
}
