import 'reflect-metadata';
import type { Clock, Log } from '@legato/kernel';
import { systemClock } from '@legato/kernel';
import { NestLog, createLogger } from '@legato/observability';
import type { Address } from '@legato/sip';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import type { MediaServerConfig } from './config/config';
import type { MediaServerCounts } from './media-server.lifecycle';
import { MediaServerLifecycle } from './media-server.lifecycle';
import { SipEndpoint } from './sessions/sip-endpoint';

/** A media server that runs. */
export interface MediaServer {
  /** Where it listens for SIP, the port as bound. */
  readonly sipAddress: Address;
  /** Where `/metrics` and `/healthz` are; undefined when they are not served. */
  readonly httpPort: number | undefined;
  counts(): MediaServerCounts;
  /** Drains and stops; resolves when sockets are closed and recordings are safe. With 0, calls are hung up at once. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** Starts a media server in this process. Rejects when its socket can not be bound or its folder not be made. */
export async function createMediaServer(
  config: MediaServerConfig,
  options: { readonly log?: Log; readonly clock?: Clock } = {},
): Promise<MediaServer> {
  const log = options.log ?? createLogger({ level: config.logLevel, name: 'media-server' });
  const app = await NestFactory.createApplicationContext(
    AppModule.of(config, log, options.clock ?? systemClock),
    { logger: new NestLog(log), abortOnError: false },
  );
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
