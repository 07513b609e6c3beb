import { B2bua, CallReader, CallRegistry, DEFAULT_TIMINGS, MemoryCallStore } from '@legato/b2bua';
import { UsageRunner } from '@legato/sip';
import { CAPABILITIES, SESSION_TIMER } from '../sip/sip-stack';
import type { CallEngine, CallEngineParts } from './call-engine';

/** How long calls that end with the process may take to say goodbye. */
const DRAIN_MS = 5_000;
const DRAIN_STEP_MS = 50;
const RESTORE_RETRY_MS = 1_000;
const SHUTTING_DOWN = { status: 503, reason: 'Shutting down' };

const hostPort = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Ties libs/b2bua to the SIP stack, the store and the routes of this node. */
export function createCallEngine(parts: CallEngineParts): CallEngine {
  const { clock, ids, log, sip, store, nodeId } = parts;
  const timings = DEFAULT_TIMINGS;
  const runner = new UsageRunner({
    clock,
    ids,
    log,
    layer: sip.layer,
    core: sip.core,
    allow: CAPABILITIES.allow,
    supported: ['100rel'],
    sessionTimer: SESSION_TIMER,
    ...(parts.authorize && { authorize: parts.authorize }),
  });
  // The reader asks the registry for calls that live here.
  const late: { registry?: CallRegistry } = {};
  const reader = new CallReader(store, (id) => late.registry?.snapshot(id));
  const registry = new CallRegistry({
    clock,
    ids,
    log,
    store,
    signalling: runner,
    mediaServers: parts.mediaServers,
    ...(parts.trunks && { trunks: parts.trunks }),
    timings,
    address: hostPort(sip.address.host, sip.address.port),
    reader,
  });
  late.registry = registry;
  runner.deliver = (usageId, feed) => void registry.deliver(usageId, feed);

  const restore = async (): Promise<void> => {
    await store.register(nodeId);
    const calls = await registry.restore(nodeId);
    if (calls > 0) log.info('calls taken up', { event: 'calls.recovered', calls });
  };

  return {
    control: new B2bua({ clock, ids, registry, reader, routes: parts.routes, timings }),
    restore,
    async drain() {
      if (!(store instanceof MemoryCallStore)) return;
      registry.endAll(SHUTTING_DOWN);
      const until = clock.now() + DRAIN_MS;
      while (registry.size > 0 && clock.now() < until) {
        await new Promise<void>((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
      }
    },
    ownershipChanged(change) {
      if (change === 'regressed') registry.storeAll();
      else registry.dropAll();
      if (change !== 'fenced') return;
      // Until the node is registered again, each of its writes is refused: it tries for as long as it takes.
      const again = (): void =>
        void restore().catch((error: unknown) => {
          log.error('calls are not taken up again', { error: String(error) });
          clock.schedule(RESTORE_RETRY_MS, again);
        });
      again();
    },
  };
}
