import { RoundRobinPool } from '@legato/b2bua';
import type { MediaServerPool } from '@legato/b2bua';
import { randomIds, systemClock } from '@legato/kernel';
import type { Clock, IdSource, Log } from '@legato/kernel';
import type { Registry } from '@legato/observability';
import { SipServer } from '@legato/sip-nest';
import type { OwnershipChange } from '@legato/state-redis';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createAuthentication } from './auth/authentication';
import { Admission } from './calls/admission';
import type { CallEngine } from './calls/call-engine';
import { LoadWatch } from './calls/load-watch';
import { NumberRoutes } from './calls/number-routes';
import { isLoopback } from './config/loopback';
import type { ControlPlaneOptions, ControlPlaneParts } from './control-plane-parts';
import { NodeEvents } from './events/node-events';
import { controlPlaneMetrics } from './health/metrics';
import { createHttpApplication } from './http/http-application';
import { IdempotencyRecords } from './http/idempotency-records';
import { MediaServerHealth } from './media-servers/media-server-health';
import { optionsProbe } from './media-servers/options-probe';
import { ProviderRegistrations } from './registrar/provider-registrations';
import { RegisteredRoutes } from './registrar/registered-routes';
import { Registrar } from './registrar/registrar';
import { registrarMetrics } from './registrar/registrar-metrics';
import { RegistrationSweeper } from './registrar/registration-sweeper';
import { CAPABILITIES, SipStack } from './sip/sip-stack';
import { openState } from './state/open-state';
import type { State } from './state/open-state';
import { createTrunks } from './trunks/create-trunks';
import { TrunkRoutes } from './trunks/trunk-routes';
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
  const load = new LoadWatch(base.clock);
  const sip = await SipStack.create({
    ...base,
    ...config.sip,
    serverHeader: `Legato/${VERSION}`,
    isTrusted: (host) => isLoopback(host) || config.sip.allow.has(host) || config.trunks.sources.has(host),
    overloaded: () => !admission.open || load.isOverloaded,
  });
  const nodeEvents = new NodeEvents({ ...base, events: state.events });
  const mediaServers = new RoundRobinPool(config.mediaServers, base.clock);
  const health = watchMediaServers(config.mediaServers, mediaServers, sip, nodeEvents, base);
  const { registrar: rules } = config;
  const registrar = new Registrar({ ...base, ...rules, store: state.registrations });
  const numbers = new NumberRoutes(config.routes);
  const trunks = createTrunks({ ...base, config: config.trunks, sip });
  const registered = new RegisteredRoutes({ ...base, ...rules, registrar, routes: numbers });
  const engine = options.engine({
    ...base,
    sip,
    store: state.calls,
    mediaServers,
    routes: new TrunkRoutes(registered, trunks.table),
    trunks: trunks.table,
    ...(trunks.authorize && { authorize: trunks.authorize }),
    nodeId: config.nodeId,
  });
  const app = await createApplication(options, base, { sip, state, engine, health, admission, registrar });
  const sweeper = new RegistrationSweeper({ ...base, registrar });
  const { authorize } = trunks;
  const providers = new ProviderRegistrations({
    ...base,
    sip,
    trunks: config.trunks.trunks,
    ...(authorize && { authorize }),
  });
  registrarMetrics(app.get<Registry>(METRICS), sweeper, providers);
  return { admission, load, sweeper, providers, app, sip, state, engine, health, trunks, nodeEvents };
}

function watchMediaServers(
  uris: readonly string[],
  pool: MediaServerPool,
  { layer, address }: SipStack,
  nodeEvents: NodeEvents,
  { clock, ids, log }: Base,
): MediaServerHealth {
  return new MediaServerHealth({
    uris,
    pool,
    clock,
    log,
    probe: optionsProbe({ clock, ids, layer, address }),
    onChange: (uri, up) => void nodeEvents.report(`media_server.${up}`, uri, { uri }),
  });
}

interface Application {
  readonly sip: SipStack;
  readonly state: State;
  readonly engine: CallEngine;
  readonly health: MediaServerHealth;
  readonly admission: Admission;
  readonly registrar: Registrar;
}

async function createApplication(
  { config }: ControlPlaneOptions,
  { clock, ids, log }: Base,
  { sip, state, engine, health, admission, registrar }: Application,
): Promise<NestExpressApplication> {
  const calls = engine.control;
  const metrics = controlPlaneMetrics({ sip, state, calls, mediaServers: health });
  const readiness = {
    store: () => state.calls.ping(),
    mediaServer: () => health.anyUp,
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
  const parts = {
    admission,
    authentication,
    calls,
    clock,
    config,
    events: state.events,
    metrics,
    readiness,
    registrar,
    capabilities: CAPABILITIES,
  };
  const idempotency = new IdempotencyRecords(state.calls, ids);
  const app = await createHttpApplication({ parts, apiKeys: config.apiKeys, log, metrics, idempotency });
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
