import { counterIn, createMetricsRegistry, durationsIn, gaugeIn, totalsIn } from './metrics';

describe('the metrics registry', () => {
  it('prints counters, gauges that are read on demand, and durations as Prometheus text', async () => {
    const registry = createMetricsRegistry({ processMetrics: false });
    const requests = counterIn(registry, { name: 'legato_http_requests_total', help: 'Requests.' }, [
      'status',
    ]);
    const seconds = durationsIn(registry, { name: 'legato_x_seconds', help: 'X.' }, [], [0.1, 1]);
    let calls: Record<string, number> = { ringing: 2 };
    gaugeIn(registry, { name: 'legato_calls', help: 'Calls.' }, 'state', () => calls);
    totalsIn(registry, { name: 'legato_y_total', help: 'Y.' }, 'kind', () => ({ request: 7 }));
    requests.inc({ status: '202' });
    seconds.observe(0.05);
    expect(await registry.metrics()).toContain('legato_calls{state="ringing"} 2');
    calls = { held: 1 };
    await registry.metrics();
    const page = await registry.metrics();
    expect(page).toContain('legato_http_requests_total{status="202"} 1');
    expect(page).toContain('legato_x_seconds_bucket{le="0.1"} 1');
    expect(page).toContain('legato_calls{state="held"} 1');
    expect(page).not.toContain('ringing');
    expect(page).toContain('# TYPE legato_y_total counter\nlegato_y_total{kind="request"} 7');
  });

  it('keeps two registries of one process apart', async () => {
    const [one, two] = [
      createMetricsRegistry({ processMetrics: true }),
      createMetricsRegistry({ processMetrics: true }),
    ];
    counterIn(one, { name: 'legato_only_one', help: 'One.' }, []).inc();
    expect(await two.metrics()).not.toContain('legato_only_one');
    expect(await two.metrics()).toContain('process_cpu_user_seconds_total');
  });
});
