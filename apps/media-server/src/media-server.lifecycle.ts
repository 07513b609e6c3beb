import type { Clock, Log } from '@legato/kernel';
import type { MediaEngine } from '@legato/media';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import type { MediaServerConfig } from './config/config';
import { repairRecordings } from './files/repair-recordings';
import { mediaMetrics } from './metrics/media-metrics';
import { MetricsServer } from './metrics/metrics-server';
import type { ControlContext } from './objects/control-context';
import type { SipEndpoint } from './sessions/sip-endpoint';

/** How long dialogs may take to end, and BYEs to be answered. */
const DIALOGS_MS = 2000;
const BYE_MS = 2000;

/** What is alive in the media server: all zero when nobody uses it. */
export interface MediaServerCounts {
  readonly transactions: number;
  /** SIP dialogs. */
  readonly usages: number;
  readonly connections: number;
  readonly conferences: number;
  readonly dialogs: number;
  readonly recordings: number;
  readonly playbacks: number;
  /** RTP ports that are bound; each has an RTCP port above it. */
  readonly rtpPorts: number;
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
    private readonly log: Log,
    private readonly media: MediaEngine,
    private readonly context: ControlContext,
    private readonly endpoint: SipEndpoint,
  ) {
    this.drainMs = config.drainMs;
    this.http = new MetricsServer({
      ...config.http,
      registry: mediaMetrics({ counts: () => this.counts(), totals: () => this.media.totals() }),
      isDraining: () => this.endpoint.draining,
    });
  }

  /** Where /metrics is; undefined when it is nowhere. */
  get httpPort(): number | undefined {
    return this.http.port;
  }

  /** Recordings that a crash left behind are finished before anybody can ask for them. */
  async onApplicationBootstrap(): Promise<void> {
    const repaired = await repairRecordings(this.context.services.folders.recordingsPath);
    for (const path of repaired) this.log.warn('recording repaired', { path });
    this.media.start();
    await this.endpoint.start();
    await this.http.start();
  }

  /** Takes nothing new, waits for a while, then ends what is left: dialogs with their events first, then the calls. */
  async beforeApplicationShutdown(): Promise<void> {
    this.endpoint.draining = true;
    this.context.draining = true;
    await this.endpoint.vacancy.wait(this.clock, this.drainMs);
    this.context.dialogs.endAll();
    await this.context.dialogs.vacancy.wait(this.clock, DIALOGS_MS);
    this.endpoint.disconnectAll();
    await this.endpoint.vacancy.wait(this.clock, BYE_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.media.stop();
    this.context.services.remote.close();
    await this.endpoint.stop();
    await this.http.stop();
  }

  counts(): MediaServerCounts {
    const { connections, conferences, recordings, playbacks } = this.media.counts();
    return {
      ...this.endpoint.counts(),
      connections: this.context.connections.size,
      conferences: Math.max(conferences, this.context.conferences.size),
      dialogs: this.context.dialogs.size,
      recordings,
      playbacks,
      rtpPorts: connections,
    };
  }
}
