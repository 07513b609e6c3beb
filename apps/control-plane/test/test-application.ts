import { MemoryCallStore, MemoryEventLog, MemoryRegistrationStore } from '@legato/b2bua';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import type { Clock, Log } from '@legato/kernel';
import { createMetricsRegistry } from '@legato/observability';
import { DEFAULT_REGISTRAR_RULES } from '@legato/sip';
import { AddressList } from '@legato/sip-nest';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { openAuthentication } from '../src/auth/authentication';
import { Admission } from '../src/calls/admission';
import { createHttpApplication } from '../src/http/http-application';
import { IdempotencyRecords } from '../src/http/idempotency-records';
import { Registrar } from '../src/registrar/registrar';
import { CAPABILITIES } from '../src/sip/sip-stack';
import { FakeCallControl } from './fake-call-control';

export interface TestApplication {
  readonly app: NestExpressApplication;
  readonly calls: FakeCallControl;
  readonly events: MemoryEventLog;
  readonly admission: Admission;
  readonly registrar: Registrar;
  /** What readiness finds. */
  readonly up: { store: boolean; mediaServer: boolean; sip: boolean };
}

/** The REST interface as it is, around a fake call engine and an event log in memory. */
export async function testApplication(
  options: { apiKeys?: readonly string[]; recordingsDir?: string; log?: Log; clock?: Clock } = {},
): Promise<TestApplication> {
  const { apiKeys = [], recordingsDir, log = silentLog, clock = systemClock } = options;
  const [calls, admission] = [new FakeCallControl(), new Admission()];
  const events = new MemoryEventLog({ clock });
  const store = new MemoryCallStore({ clock, events });
  await store.register('spec');
  const idempotency = new IdempotencyRecords(store, randomIds);
  const up = { store: true, mediaServer: true, sip: true };
  const metrics = createMetricsRegistry({ processMetrics: false });
  const registrar = new Registrar({
    clock,
    log,
    ids: randomIds,
    rules: DEFAULT_REGISTRAR_RULES,
    domains: [],
    store: new MemoryRegistrationStore({ clock, events }),
  });
  const parts = {
    admission,
    authentication: openAuthentication(log),
    calls,
    clock,
    events,
    metrics,
    registrar,
    capabilities: CAPABILITIES,
    config: {
      sip: { host: '127.0.0.1', port: 0, allow: AddressList.EMPTY, requestsPerSecond: 0 },
      ...(recordingsDir === undefined ? {} : { recordingsDir }),
    },
    readiness: {
      store: () => Promise.resolve(up.store),
      mediaServer: () => up.mediaServer,
      sip: () => up.sip,
    },
  };
  const app = await createHttpApplication({ parts, apiKeys, log, metrics, idempotency });
  await app.init();
  await app.listen(0, '127.0.0.1');
  return { app, calls, events, admission, registrar, up };
}
