import 'reflect-metadata';
import type { Clock, Log } from '@legato/kernel';
import { systemClock } from '@legato/kernel';
import { NestLog } from '@legato/observability';
import type { Address } from '@legato/sip';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import type { MediaServerConfig } from './config/config';
import type { MediaSide } from './media-process/media-side';
import type { MediaServerCounts } from './media-server.lifecycle';
import { MediaServerLifecycle } from './media-server.lifecycle';
import { SipEndpoint } from './signalling/sip-endpoint';

/** A media server that runs. */
export interface MediaServer {
  /** Where it listens for SIP, the port as bound. */
  readonly sipAddress: Address;
  /** Where `/metrics`, `/healthz` and `/readyz` are; undefined when they are not served. */
  readonly httpPort: number | undefined;
  counts(): Promise<MediaServerCounts>;
  /** Drains and stops; resolves when sockets are closed and recordings are safe. With 0, calls are hung up at once. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

export interface MediaServerOptions {
  readonly media: MediaSide;
  readonly log: Log;
  readonly clock?: Clock;
}

/** Starts a media server. Rejects when a socket can not be bound or the media can not begin. */
export async function createMediaServer(
  config: MediaServerConfig,
  { media, log, clock = systemClock }: MediaServerOptions,
): Promise<MediaServer> {
  const app = await NestFactory.createApplicationContext(AppModule.of(config, media, log, clock), {
    logger: new NestLog(log),
    abortOnError: false,
  });
  const lifecycle = app.get(MediaServerLifecycle);
  return {
    sipAddress: app.get(SipEndpoint).address,
    httpPort: lifecycle.httpPort,
    counts: () => lifecycle.counts(),
    close: async ({ drainMs } = {}) => {
      lifecycle.drainMs = drainMs ?? lifecycle.drainMs;
      await app.close();
    },
  };
}
