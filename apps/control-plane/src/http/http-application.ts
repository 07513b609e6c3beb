import type { Log } from '@legato/kernel';
import type { Registry } from '@legato/observability';
import { NestLog } from '@legato/observability';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import { AppModule } from '../app.module';
import type { AppParts } from '../app.module';
import { serveDocsPage } from '../rest/docs-page';
import { requireApiKey, requireOwnHost } from './require-api-key';
import { HttpMetrics } from './http-metrics';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import type { IdempotencyRecords } from './idempotency-records';
import { bodyErrors, MAX_BODY_BYTES, onlyJson } from './json-body';
import { ProblemFilter } from './problem.filter';
import { requestContext } from './request-context';

/** A client that dribbles its request is cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpOptions {
  readonly parts: AppParts;
  readonly log: Log;
  readonly metrics: Registry;
  readonly idempotency: IdempotencyRecords;
  /** Sends commands on to the nodes that have their subjects; missing: this is the only node. */
  readonly forward?: RequestHandler;
}

/** The Nest application with all that a request passes before it reaches a controller. Neither initialised nor listening. */
export async function createHttpApplication(options: HttpOptions): Promise<NestExpressApplication> {
  const { parts, log, metrics } = options;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.around(parts), {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestContext(new HttpMetrics(metrics)));
  app.use(requireOwnHost(parts.apiKeys));
  app.use(requireApiKey(parts.apiKeys));
  app.useBodyParser('json', { limit: MAX_BODY_BYTES, inflate: false, type: 'application/json' });
  app.use(bodyErrors);
  app.use(onlyJson);
  if (options.forward) app.use(options.forward);
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalInterceptors(new IdempotencyInterceptor(options.idempotency, log));
  serveDocsPage(app);
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return app;
}
