import type { Conferences } from '@legato/b2bua';
import {
  B2bua,
  CallReader,
  CallCollects,
  CallPlays,
  CallRegistry,
  RecordingIndex,
  createConferences,
  DEFAULT_TIMINGS,
  FlowRunner,
  LiveCallCommands,
  MemoryCallStore,
  NamedConferences,
} from '@legato/b2bua';
import { UsageRunner } from '@legato/sip';
import { deliverFirst } from '../media-servers/media-servers';
import { CAPABILITIES, SESSION_TIMER } from '../sip/sip-stack';
import type { CallEngine, CallEngineParts } from './call-engine';

/** How long calls that end with the process may take to say goodbye. */
const DRAIN_MS = 5_000;
const DRAIN_STEP_MS = 50;
const RESTORE_RETRY_MS = 1_000;
const SHUTTING_DOWN = { status: 503, reason: 'Shutting down' };

const hostPort = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Where the dialogs of calls and conferences are carried out. */
function createRunner({ clock, ids, log, sip, authorize }: CallEngineParts): UsageRunner {
  return new UsageRunner({
    clock,
    ids,
    log,
    layer: sip.layer,
    core: sip.core,
    allow: CAPABILITIES.allow,
    supported: ['100rel'],
    sessionTimer: SESSION_TIMER,
    ...(authorize && { authorize }),
  });
}

/** What calls and conferences have in common. */
function commonOf(parts: CallEngineParts, signalling: UsageRunner) {
  const { clock, ids, log, store, sip, mediaServers, archivesRecordings } = parts;
  return {
    clock,
    ids,
    log,
    store,
    signalling,
    mediaServers,
    timings: DEFAULT_TIMINGS,
    address: hostPort(sip.address.host, sip.address.port),
    index: new RecordingIndex(store, ids),
    archivesRecordings,
  };
}

type Common = ReturnType<typeof commonOf>;

function createCalls(parts: CallEngineParts, common: Common): { registry: CallRegistry; reader: CallReader } {
  // The reader asks the registry for calls that live here.
  const live = (id: string) => registry.snapshot(id);
  const { store, index, archivesRecordings: archives } = common;
  const reader = new CallReader(store, live, index, { archives });
  const registry: CallRegistry = new CallRegistry({
    ...common,
    isTrustedPeer: parts.isTrustedPeer,
    seats: parts.seats,
    ...(parts.trunks && { trunks: parts.trunks }),
  });
  registry.mediaWorkListeners.register((_call, { kind }) => {
    if (kind === 'recording') parts.recordingFinished();
  });
  return { registry, reader };
}

/** Ties libs/b2bua to the SIP stack, the store and the routes of this node. */
export function createCallEngine(parts: CallEngineParts): CallEngine {
  const { clock, ids, log, routes, documents, flows, controlChannels } = parts;
  const runner = createRunner(parts);
  const common = commonOf(parts, runner);
  const { registry, reader } = createCalls(parts, common);
  const conferences = createConferences({
    ...common,
    documents,
    calls: registry,
    callReader: reader,
    routes,
  });
  new FlowRunner({
    registry,
    flows: flows.library,
    applications: flows.applications,
    conferences: new NamedConferences(conferences, log),
    routes,
    log,
  }).register();
  controlChannels.connectThrough(runner);
  controlChannels.onSilent = (uri) => {
    for (const each of [registry, conferences.registry]) each.loseMediaServer(uri);
  };
  const ownerOf = (usageId: string) => (conferences.registry.owns(usageId) ? conferences.registry : registry);
  runner.deliver = deliverFirst(
    controlChannels,
    (usageId, feed) => void ownerOf(usageId).deliver(usageId, feed),
  );
  return {
    control: new B2bua({
      clock,
      ids,
      registry,
      reader,
      routes,
      timings: DEFAULT_TIMINGS,
      seats: parts.seats,
    }),
    commands: {
      calls: new LiveCallCommands({ ids, registry, reader, routes }),
      plays: new CallPlays({ registry, reader }),
      collects: new CallCollects({ registry, reader }),
      recordings: conferences.recordings,
      conferences: conferences.commands,
      participants: conferences.participants,
    },
    whereabouts: {
      isHere: (id) => (registry.find(id) ?? conferences.registry.find(id)) !== undefined,
      ownerOfRecording: (id) => reader.callOfRecording(id),
      conferenceNamed: (name) => conferences.names.last(name),
    },
    ...ownershipOf(parts, registry, conferences.registry),
  };
}

/** What this node does when it begins, ends, or is told that its work is no longer its own. */
function ownershipOf(
  { store, nodeId, log, clock }: CallEngineParts,
  calls: CallRegistry,
  conferences: Conferences['registry'],
): Pick<CallEngine, 'restore' | 'takeOver' | 'drain' | 'ownershipChanged'> {
  const restore = async (): Promise<void> => {
    await store.register(nodeId);
    const recovered = await calls.restore(nodeId, [conferences]);
    if (recovered > 0) log.info('calls taken up', { event: 'calls.recovered', calls: recovered });
  };
  return {
    restore,
    takeOver: (dead) => calls.takeOver(dead, [conferences]),
    async drain() {
      if (!(store instanceof MemoryCallStore)) return;
      conferences.endAll();
      calls.endAll(SHUTTING_DOWN);
      const until = clock.now() + DRAIN_MS;
      while (calls.size + conferences.size > 0 && clock.now() < until) {
        await new Promise<void>((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
      }
    },
    ownershipChanged(change) {
      for (const each of [calls, conferences]) {
        if (change === 'regressed') each.storeAll();
        else each.dropAll();
      }
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
