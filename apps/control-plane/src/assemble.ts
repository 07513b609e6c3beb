import { randomIds, systemClock } from '@legato/kernel';
import type { Clock, IdSource, Log } from '@legato/kernel';
import type { Registry } from '@legato/observability';
import { SipServer } from '@legato/sip-nest';
import type { OwnershipChange } from '@legato/state-redis';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiKeyRecords } from './api-keys/api-key-records';
import { ApiKeys } from './api-keys/api-keys';
import { plainKeys } from './api-keys/configured-keys';
import type { AppParts } from './app.module';
import { createAuthentication } from './auth/authentication';
import { Admission } from './calls/admission';
import type { CallEngine } from './calls/call-engine';
import { LoadWatch } from './calls/load-watch';
import { NumberRoutes } from './calls/number-routes';
import type { Config } from './config/config';
import { isThisMachine } from './config/loopback';
import type { ControlPlaneOptions, ControlPlaneParts } from './control-plane-parts';
import { NodeEvents } from './events/node-events';
import { createFlows } from './flows/create-flows';
import type { FlowParts } from './flows/create-flows';
import { controlPlaneMetrics } from './health/metrics';
import { createHttpApplication } from './http/http-application';
import { IdempotencyRecords } from './http/idempotency-records';
import { Drains } from './media-servers/drains';
import { MediaServers } from './media-servers/media-servers';
import { hostPort, optionsProbe } from './media-servers/options-probe';
import { RecordingStorage } from './recordings-storage/create-storage';
import { forwardToOwner } from './nodes/forward-to-owner';
import { NodeAddresses } from './nodes/node-addresses';
import { NodeWatch } from './nodes/node-watch';
import { ProviderRegistrations } from './registrar/provider-registrations';
import { RegisteredRoutes } from './registrar/registered-routes';
import { Registrar } from './registrar/registrar';
import { registrarMetrics } from './registrar/registrar-metrics';
import { RegistrationSweeper } from './registrar/registration-sweeper';
import { CAPABILITIES, SipStack } from './sip/sip-stack';
import { openState } from './state/open-state';
import type { State } from './state/open-state';
import { createTrunks } from './trunks/create-trunks';
import type { Trunks } from './trunks/create-trunks';
import { TrunkRoutes } from './trunks/trunk-routes';
import { webhookMetrics } from './webhooks/webhook-metrics';
import { createWebhooks } from './webhooks/create-webhooks';
import type { WebhookParts } from './webhooks/create-webhooks';
import { METRICS } from './tokens';
import { VERSION } from './version';

interface Base {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** Makes the parts of a control plane and ties them together. Nothing is started; the store is connected. */
export async function assemble(options: ControlPlaneOptions): Promise<ControlPlaneParts> {
  const { config, log, clock = systemClock, ids = randomIds } = options;
  const base: Base = { clock, ids, log };
  // The engine needs the store, and the store has to tell the engine.
  const late: { engine?: CallEngine } = {};
  const onOwnership = (change: OwnershipChange) => late.engine?.ownershipChanged(change);
  const { maxRegistrations } = config.registrar;
  const state = await openState({ ...base, ...config, maxRegistrations, onOwnership });
  try {
    const parts = await assembleAround(state, options, base);
    late.engine = parts.engine;
    return parts;
  } catch (error) {
    await state.close();
    throw error;
  }
}

async function assembleAround(
  state: State,
  options: ControlPlaneOptions,
  base: Base,
): Promise<ControlPlaneParts> {
  const { config } = options;
  const admission = new Admission();
  const load = options.load ?? new LoadWatch(base.clock);
  const sip = await openSip(config, base, () => !admission.open || load.refusesNext());
  load.echo = (onRead) => sip.echo(onRead);
  const nodeEvents = new NodeEvents({ ...base, events: state.events });
  const mediaServers = watchMediaServers(config.mediaServers, { sip, state, nodeEvents }, base);
  const registrar = new Registrar({ ...base, ...config.registrar, store: state.registrations });
  const numbers = new NumberRoutes(config.routes);
  const trunks = createTrunks({ ...base, config: config.trunks, sip });
  const registered = new RegisteredRoutes({ ...base, ...config.registrar, registrar, routes: numbers });
  const flows = createFlows({
    ...base,
    config,
    documents: state.documents,
    userAgent: `Legato/${VERSION}`,
  });
  const storage = await RecordingStorage.create({ ...base, config });
  const engine = options.engine({
    ...base,
    sip,
    flows,
    store: state.calls,
    documents: state.documents,
    ...(state.seats && { seats: state.seats }),
    mediaServers: mediaServers.pool,
    controlChannels: mediaServers,
    routes: new TrunkRoutes(registered, trunks.table),
    ...waysOut(config, trunks),
    nodeId: config.nodeId,
    archivesRecordings: storage.archives,
    recordingFinished: storage.recordingFinished,
  });
  const webhooks = await webhooksOf(config, { state, nodeEvents }, base);
  const addresses = addressesOf(config, state, base);
  const made = {
    sip,
    state,
    engine,
    flows,
    mediaServers,
    admission,
    registrar,
    storage,
    webhooks,
    addresses,
  };
  const app = await createApplication(options, base, made);
  const sweeper = new RegistrationSweeper({ ...base, registrar });
  const providers = providersOf(config, { sip, trunks }, base);
  registrarMetrics(app.get<Registry>(METRICS), sweeper, providers);
  const watch = watchNodes(config, state, engine, base);
  return { ...made, load, sweeper, providers, app, trunks, nodeEvents, watch };
}

/** Takes over from nodes that die. */
function watchNodes(
  { nodeId }: Config,
  { nodes }: State,
  engine: CallEngine,
  base: Base,
): NodeWatch | undefined {
  return nodes && new NodeWatch({ ...base, nodes, nodeId, takeOver: (dead) => engine.takeOver(dead) });
}

/** Nodes that share nothing need not find each other. */
function addressesOf(
  { nodeId, redisUrl }: Config,
  { documents }: State,
  base: Base,
): NodeAddresses | undefined {
  return redisUrl === undefined ? undefined : new NodeAddresses({ ...base, documents, nodeId });
}

function openSip(config: Config, base: Base, overloaded: () => boolean): Promise<SipStack> {
  const { sip, trunks } = config;
  const serverHeader = `Legato/${VERSION}`;
  const isTrusted = (host: string) => isThisMachine(host) || sip.allow.has(host) || trunks.sources.has(host);
  return SipStack.create({ ...base, ...sip, serverHeader, isTrusted, overloaded });
}

/** Whom calls may go out to, with whose credentials, and who is told who calls. */
const waysOut = ({ sip, trunks: { trusted } }: Config, trunks: Trunks) => ({
  trunks: trunks.table,
  isTrustedPeer: (host: string) => sip.trustedPeers.has(host) || trusted.has(host),
  ...(trunks.authorize && { authorize: trunks.authorize }),
});

function providersOf(
  { trunks: { trunks } }: Config,
  { sip, trunks: { authorize } }: { readonly sip: SipStack; readonly trunks: Trunks },
  base: Base,
): ProviderRegistrations {
  return new ProviderRegistrations({ ...base, sip, trunks, ...(authorize && { authorize }) });
}

function webhooksOf(
  config: Config,
  { state, nodeEvents }: { readonly state: State; readonly nodeEvents: NodeEvents },
  base: Base,
): Promise<WebhookParts> {
  const { documents, events } = state;
  const userAgent = `Legato/${VERSION}`;
  const { nodeId, redisUrl, webhooks } = config;
  const redis = redisUrl === undefined ? {} : { redisUrl };
  return createWebhooks({
    ...base,
    ...redis,
    config: webhooks,
    nodeId,
    documents,
    events,
    nodeEvents,
    userAgent,
  });
}

function watchMediaServers(
  servers: Config['mediaServers'],
  { sip, state, nodeEvents }: { sip: SipStack; state: State; nodeEvents: NodeEvents },
  base: Base,
): MediaServers {
  const { layer, address } = sip;
  return new MediaServers({
    ...base,
    servers,
    address: hostPort(address),
    probe: optionsProbe({ ...base, layer, address }),
    drains: new Drains({ ...base, documents: state.documents }),
    report: (type, subject, data) => nodeEvents.report(type, subject, data),
  });
}

interface Application {
  readonly sip: SipStack;
  readonly state: State;
  readonly engine: CallEngine;
  readonly mediaServers: MediaServers;
  readonly admission: Admission;
  readonly registrar: Registrar;
  readonly storage: RecordingStorage;
  readonly webhooks: WebhookParts;
  readonly flows: FlowParts;
  /** Missing: this is the only node. */
  readonly addresses: NodeAddresses | undefined;
}

/** What the controllers are given. */
function appParts(
  config: Config,
  { clock, ids, log }: Base,
  { sip, state, engine, flows, mediaServers, admission, registrar, storage, webhooks }: Application,
): AppParts {
  const calls = engine.control;
  const metrics = controlPlaneMetrics({
    sip,
    state,
    calls,
    conferences: engine.commands.conferences,
    mediaServers,
  });
  const readiness = {
    store: () => state.calls.ping(),
    mediaServer: () => mediaServers.anyUp,
    sip: () => sip.isListening,
  };
  const authentication = createAuthentication({
    config: config.authentication,
    trusted: config.trunks.sources,
    nonces: state.nonces,
    clock,
    ids,
    log,
  });
  return {
    apiKeys: new ApiKeys(
      [...plainKeys(config.apiKeys), ...config.keysOfFile],
      new ApiKeyRecords(state.documents, ids, clock),
      clock,
    ),
    admission,
    authentication,
    calls,
    cdrs: state.cdrs,
    clock,
    config,
    events: state.events,
    flows: flows.library,
    mediaServers,
    metrics,
    readiness,
    commands: engine.commands,
    recordingMedia: storage.media,
    registrar,
    webhooks,
    capabilities: CAPABILITIES,
  };
}

async function createApplication(
  { config }: ControlPlaneOptions,
  base: Base,
  made: Application,
): Promise<NestExpressApplication> {
  const { clock, ids, log } = base;
  const { sip, state, engine } = made;
  const parts = appParts(config, base, made);
  const { metrics } = parts;
  const { nodeId } = config;
  webhookMetrics(metrics, made.webhooks.dispatcher);
  const idempotency = new IdempotencyRecords(state.calls, { ids, clock, nodeId });
  const { whereabouts } = engine;
  const { addresses } = made;
  const forward =
    addresses && forwardToOwner({ nodeId, store: state.calls, whereabouts, addresses, clock, log });
  const app = await createHttpApplication({
    parts,
    log,
    metrics,
    idempotency,
    ...(forward && { forward }),
  });
  const start = async () => {
    await sip.start();
    await engine.restore();
    sip.open();
  };
  app.connectMicroservice({
    strategy: new SipServer({
      core: sip.core,
      allow: CAPABILITIES.allow,
      start,
      stop: () => sip.stop(),
      log,
    }),
  });
  return app;
}
