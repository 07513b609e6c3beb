import type { Registry } from '@legato/observability';
import { createMetricsRegistry, gaugeIn, totalsIn } from '@legato/observability';
import type { MediaTotals } from '@legato/media';
import type { MediaServerCounts } from '../media-server.lifecycle';

/** What /metrics tells: what there is now, and what there has been since the start. */
export function mediaMetrics(read: {
  readonly counts: () => MediaServerCounts;
  readonly totals: () => MediaTotals;
}): Registry {
  const registry = createMetricsRegistry({ processMetrics: true });
  gaugeIn(
    registry,
    { name: 'legato_ms_objects', help: 'Objects of the media server by kind; all zero when nobody uses it.' },
    'kind',
    () => ({ ...read.counts() }),
  );
  totalsIn(
    registry,
    { name: 'legato_ms_rtp_packets_total', help: 'RTP packets received, sent, dropped and lost.' },
    'outcome',
    () => {
      const { received, sent, dropped, lost } = read.totals();
      return { received, sent, dropped, lost };
    },
  );
  totalsIn(
    registry,
    {
      name: 'legato_ms_ticks_total',
      help: 'Ticks of 20 ms that happened, and that fell out because they were late.',
    },
    'outcome',
    () => ({ kept: read.totals().ticks, late: read.totals().lateTicks }),
  );
  return registry;
}
