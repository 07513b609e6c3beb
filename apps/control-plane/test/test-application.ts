import {
  MemoryCallStore,
  MemoryCdrLog,
  MemoryDocumentStore,
  MemoryEventLog,
  MemoryRegistrationStore,
} from '@legato/b2bua';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import type { Clock, Log } from '@legato/kernel';
import { createMetricsRegistry } from '@legato/observability';
import { DEFAULT_REGISTRAR_RULES } from '@legato/sip';
import { AddressList } from '@legato/sip-nest';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiKeyRecords } from '../src/api-keys/api-key-records';
import { ApiKeys } from '../src/api-keys/api-keys';
import { plainKeys } from '../src/api-keys/configured-keys';
import { openAuthentication } from '../src/auth/authentication';
import { Admission } from '../src/calls/admission';
import type { WebhookConfig } from '../src/config/webhook-fields';
import { NodeEvents } from '../src/events/node-events';
import { createFlows } from '../src/flows/create-flows';
import { createHttpApplication } from '../src/http/http-application';
import { IdempotencyRecords } from '../src/http/idempotency-records';
import { Registrar } from '../src/registrar/registrar';
import { RecordingFiles } from '../src/recordings-storage/recording-files';
import { RecordingMedia } from '../src/recordings-storage/recording-media';
import { CAPABILITIES } from '../src/sip/sip-stack';
import { createWebhooks } from '../src/webhooks/create-webhooks';
import type { WebhookParts } from '../src/webhooks/create-webhooks';
import type { MediaServers } from '../src/media-servers/media-servers';
import { quietMediaServers } from './quiet-media-servers';
import { FakeCallControl } from './fake-call-control';
import { fakeCommands } from './fake-commands';

export interface TestApplication {
  readonly app: NestExpressApplication;
  readonly calls: FakeCallControl;
  readonly commands: ReturnType<typeof fakeCommands>;
  readonly events: MemoryEventLog;
  readonly cdrs: MemoryCdrLog;
  readonly admission: Admission;
  readonly mediaServers: MediaServers;
  readonly registrar: Registrar;
  readonly webhooks: WebhookParts;
  readonly documents: MemoryDocumentStore;
  /** What readiness finds. */
  readonly up: { store: boolean; mediaServer: boolean; sip: boolean };
}

interface TestOptions {
  apiKeys?: readonly string[];
  recordingsDir?: string;
  log?: Log;
  clock?: Clock;
  apiRate?: number;
  webhooks?: Partial<WebhookConfig>;
}

interface Memory {
  readonly clock: Clock;
  readonly log: Log;
  readonly events: MemoryEventLog;
  readonly documents: MemoryDocumentStore;
}

const webhooksOf = (
  { clock, log, events, documents }: Memory,
  config?: Partial<WebhookConfig>,
): Promise<WebhookParts> =>
  createWebhooks({
    clock,
    ids: randomIds,
    log,
    config: { allowPrivate: false, allow: ['127.0.0.1'], attempts: 3, ...config },
    nodeId: 'spec',
    documents,
    events,
    nodeEvents: new NodeEvents({ events, clock, ids: randomIds, log }),
    userAgent: 'Legato/spec',
  });

const flowsOf = ({ clock, log, documents }: Memory) =>
  createFlows({
    clock,
    ids: randomIds,
    log,
    config: { flows: {}, webhooks: { allowPrivate: false, allow: [], attempts: 1 } },
    documents,
    userAgent: 'Legato/test',
  }).library;

const registrarOf = ({ clock, log, events }: Memory): Registrar =>
  new Registrar({
    clock,
    log,
    ids: randomIds,
    rules: DEFAULT_REGISTRAR_RULES,
    domains: [],
    store: new MemoryRegistrationStore({ clock, events }),
  });

/** The REST interface as it is, around a fake call engine and an event log in memory. */
export async function testApplication(options: TestOptions = {}): Promise<TestApplication> {
  const { apiKeys = [], recordingsDir, log = silentLog, clock = systemClock } = options;
  const [calls, admission] = [new FakeCallControl(), new Admission()];
  const events = new MemoryEventLog({ clock });
  const cdrs = new MemoryCdrLog({ clock });
  const store = new MemoryCallStore({ clock, events });
  await store.register('spec');
  const idempotency = new IdempotencyRecords(store, { ids: randomIds, clock, nodeId: 'spec' });
  const up = { store: true, mediaServer: true, sip: true };
  const metrics = createMetricsRegistry({ processMetrics: false });
  const mediaServers = quietMediaServers(clock);
  const commands = fakeCommands(calls);
  const documents = new MemoryDocumentStore();
  const memory = { clock, log, events, documents };
  const registrar = registrarOf(memory);
  const webhooks = await webhooksOf(memory, options.webhooks);
  const parts = {
    apiKeys: new ApiKeys(plainKeys(apiKeys), new ApiKeyRecords(documents, randomIds, clock), clock),
    admission,
    authentication: openAuthentication(log),
    calls,
    cdrs,
    clock,
    events,
    flows: flowsOf(memory),
    mediaServers,
    metrics,
    commands,
    recordingMedia: new RecordingMedia(new RecordingFiles(recordingsDir)),
    registrar,
    webhooks,
    capabilities: CAPABILITIES,
    config: {
      apiRate: options.apiRate ?? 0,
      sip: {
        host: '127.0.0.1',
        port: 0,
        allow: AddressList.EMPTY,
        trustedPeers: AddressList.EMPTY,
        requestsPerSecond: 0,
      },
      ...(recordingsDir === undefined ? {} : { recordingsDir }),
    },
    readiness: {
      store: () => Promise.resolve(up.store),
      mediaServer: () => up.mediaServer,
      sip: () => up.sip,
    },
  };
  const app = await createHttpApplication({ parts, log, metrics, idempotency });
  await app.init();
  await app.listen(0, '127.0.0.1');
  return { app, calls, cdrs, commands, events, admission, mediaServers, registrar, webhooks, documents, up };
}
