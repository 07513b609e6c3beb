import type { Registry } from '@legato/observability';
import { createMetricsRegistry, gaugeIn, totalsIn } from '@legato/observability';
import type { MediaReport } from '../media-process/media-side';
import { ownCpuSeconds } from './own-cpu';

/** Where the numbers come from. */
export interface MetricSources {
  /** What is held of SIP. */
  readonly signalling: () => { readonly transactions: number; readonly usages: number };
  /** What there is of media, and has been since they began. */
  readonly media: () => Promise<MediaReport>;
}

/** What /metrics tells. */
export interface MediaMetrics {
  readonly contentType: string;
  page(): Promise<string>;
}

export function mediaMetrics({ signalling, media }: MetricSources): MediaMetrics {
  const registry = createMetricsRegistry({ processMetrics: true });
  let report: MediaReport | undefined;
  describeMedia(registry, () => report);
  gaugeIn(
    registry,
    { name: 'legato_ms_objects', help: 'Objects of the media server by kind; all zero when nobody uses it.' },
    'kind',
    () => ({ ...signalling(), ...report?.objects }),
  );
  return {
    contentType: registry.contentType,
    async page() {
      report = await media();
      return registry.metrics();
    },
  };
}

function describeMedia(registry: Registry, report: () => MediaReport | undefined): void {
  totalsIn(
    registry,
    { name: 'legato_ms_rtp_packets_total', help: 'RTP packets received, sent, dropped and lost.' },
    'outcome',
    () => {
      const { received = 0, sent = 0, dropped = 0, lost = 0 } = report()?.totals ?? {};
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
    () => ({ kept: report()?.totals.ticks ?? 0, late: report()?.totals.lateTicks ?? 0 }),
  );
  gaugeIn(
    registry,
    { name: 'legato_ms_resident_bytes', help: 'Memory of a process of the media server.' },
    'process',
    () => ({ signalling: process.memoryUsage.rss(), media: report()?.residentBytes ?? 0 }),
  );
  totalsIn(
    registry,
    { name: 'legato_ms_cpu_seconds_total', help: 'CPU time of a process of the media server.' },
    'process',
    () => ({ signalling: ownCpuSeconds(), media: report()?.cpuSeconds ?? 0 }),
  );
}
