import type { Clock } from '@legato/kernel';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import type { MediaServerConfig } from './config/config';
import type { MediaObjects, MediaSide } from './media-process/media-side';
import { mediaMetrics } from './metrics/media-metrics';
import { MetricsServer } from './metrics/metrics-server';
import type { SipEndpoint } from './signalling/sip-endpoint';

/** How long BYEs may take to be answered. */
const BYE_MS = 2000;

/** What is alive in the media server: all zero when nobody uses it. */
export interface MediaServerCounts extends MediaObjects {
  readonly transactions: number;
  /** SIP dialogs. */
  readonly usages: number;
}

/** Begins and ends the media server in order. */
export class MediaServerLifecycle
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly http: MetricsServer;
  /** How long calls may go on after the order to stop. */
  drainMs: number;

  constructor(
    config: Pick<MediaServerConfig, 'drainMs' | 'http'>,
    private readonly clock: Clock,
    private readonly media: MediaSide,
    private readonly endpoint: SipEndpoint,
  ) {
    this.drainMs = config.drainMs;
    this.http = new MetricsServer({
      ...config.http,
      metrics: mediaMetrics({ signalling: () => endpoint.counts(), media: () => media.report() }),
      readiness: () => (endpoint.draining ? 'draining' : media.readiness),
    });
  }

  /** Where /metrics is; undefined when it is nowhere. */
  get httpPort(): number | undefined {
    return this.http.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.media.start();
    await this.endpoint.start();
    await this.http.start();
  }

  /** Takes nothing new, waits for a while, then ends what is left: dialogs with their events first, then the calls. */
  async beforeApplicationShutdown(): Promise<void> {
    this.endpoint.draining = true;
    this.media.drain();
    await this.endpoint.vacancy.wait(this.clock, this.drainMs);
    await this.media.endDialogs();
    this.endpoint.disconnectAll();
    await this.endpoint.vacancy.wait(this.clock, BYE_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.media.stop();
    await this.endpoint.stop();
    await this.http.stop();
  }

  async counts(): Promise<MediaServerCounts> {
    const { objects } = await this.media.report();
    return { ...this.endpoint.counts(), ...objects };
  }
}
