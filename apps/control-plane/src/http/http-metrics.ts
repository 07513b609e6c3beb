import type { Counter, Histogram, Registry } from '@legato/observability';
import { counterIn, durationsIn } from '@legato/observability';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What /metrics tells of the REST interface. */
export class HttpMetrics {
  private readonly requests: Counter<'method' | 'route' | 'status'>;
  private readonly seconds: Histogram<'method' | 'route'>;

  constructor(registry: Registry) {
    this.requests = counterIn(
      registry,
      { name: 'legato_http_requests_total', help: 'HTTP requests by method, route and status.' },
      ['method', 'route', 'status'],
    );
    this.seconds = durationsIn(
      registry,
      {
        name: 'legato_http_request_seconds',
        help: 'Time to the end of the response; streams count until they end.',
      },
      ['method', 'route'],
      BUCKETS_SECONDS,
    );
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.inc({ method, route, status: String(status) });
    this.seconds.observe({ method, route }, seconds);
  }
}
