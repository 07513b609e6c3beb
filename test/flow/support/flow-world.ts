import type {
  CallSeats,
  CallDetailRecord,
  CallSnapshot,
  Conferences,
  CallTarget,
  CallTimings,
  MediaServer,
  OutboundTrunks,
  Route,
  RouteTable,
  CallWrite,
  WriteOutcome,
} from '@legato/b2bua';
import {
  B2bua,
  CallReader,
  createConferences,
  CallCollects,
  CallPlays,
  CallRecordings,
  LiveCallCommands,
  CallRegistry,
  RecordingIndex,
  DEFAULT_TIMINGS,
  MemoryCallStore,
  MemoryCallTable,
  MemoryCdrLog,
  MemoryDocumentStore,
  MemoryEventLog,
  WeightedPool,
} from '@legato/b2bua';
import type { Clock, LogFields } from '@legato/kernel';
import { randomIds } from '@legato/kernel';
import type { Address, ClientAuthorizer } from '@legato/sip';
import { TransactionLayer, UsageRunner, UserAgentCore, isFlow } from '@legato/sip';
import { FakeClock, RecordingTransport } from '@legato/testing';
import { FlowPeer } from './flow-peer';

const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'UPDATE', 'PRACK'];
export const LEGATO: Address = { host: '192.0.2.1', port: 5060 };

/** A session description with one audio line. */
export function audio(host: string, port: number, direction = 'sendrecv', codecs = '8 101'): string {
  return (
    [
      'v=0',
      `o=- ${port} 1 IN IP4 ${host}`,
      's=-',
      `c=IN IP4 ${host}`,
      't=0 0',
      `m=audio ${port} RTP/AVP ${codecs}`,
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      `a=${direction}`,
    ].join('\r\n') + '\r\n'
  );
}

/** A write as it stands at this moment: its text may be made when it is read. */
const taken = (write: CallWrite): CallWrite => ({
  ...write,
  state: write.state,
  ...(write.cdr === undefined ? {} : { cdr: write.cdr }),
});

/** The ways out of a world. */
export interface FlowTrunks {
  readonly routes: RouteTable;
  readonly trunks: OutboundTrunks;
  readonly authorizer?: ClientAuthorizer;
}

export interface FlowWorldOptions {
  /** Makes trunks around the routes. */
  readonly trunks?: (routes: RouteTable, clock: Clock) => FlowTrunks;
  readonly routes?: Readonly<Record<string, Route>>;
  /** Instead of routes. */
  readonly find?: RouteTable['find'];
  /** Where users are registered, by URI. */
  readonly locate?: Readonly<Record<string, readonly CallTarget[]>>;
  /** URIs, or whole descriptions. */
  readonly mediaServers?: readonly (string | MediaServer)[];
  readonly timings?: Partial<CallTimings>;
  /** Stands before the store. */
  readonly onWrite?: (
    write: CallWrite,
    store: (write: CallWrite) => WriteOutcome,
  ) => WriteOutcome | Promise<WriteOutcome>;
  /** How long events wait for the next write, in milliseconds. */
  readonly gatherMs?: number;
  /** Of accounts, over several worlds. */
  readonly seats?: CallSeats;
  /** Hosts of trusted peers. */
  readonly trusted?: readonly string[];
  /** TCP beside UDP. */
  readonly tcp?: true;
  /** State that an earlier world left. */
  readonly table?: MemoryCallTable;
  /** Calls for conferences are taken. */
  readonly conferences?: true;
  /** What an earlier world kept beside. */
  readonly documents?: MemoryDocumentStore;
}

const described = (server: string | MediaServer): MediaServer =>
  typeof server === 'string' ? { id: server, uri: server, dialect: 'rfc', weight: 1 } : server;

const routesOf = ({ find, routes, locate }: FlowWorldOptions): RouteTable => ({
  find: find ?? ((user: string) => routes?.[user]),
  ...(locate && { locate: (uri: string) => Promise.resolve(locate[uri]) }),
});

const poolOf = ({ mediaServers = ['sip:192.0.2.9:5080'] }: FlowWorldOptions, clock: Clock): WeightedPool =>
  new WeightedPool(mediaServers.map(described), clock);

/** The control plane's core over a transport without sockets, and the peers around it. */
export class FlowWorld {
  readonly clock = new FakeClock();
  readonly transport = new RecordingTransport({ local: LEGATO, clock: this.clock });
  /** Used when the world was started with it. */
  readonly tcp = new RecordingTransport({ protocol: 'TCP', local: LEGATO, clock: this.clock });
  readonly errors: { message: string; fields?: LogFields }[] = [];
  readonly layer: TransactionLayer;
  readonly core: UserAgentCore;
  readonly runner: UsageRunner;
  readonly registry: CallRegistry;
  readonly b2bua: B2bua;
  readonly mediaServers: WeightedPool;
  readonly recordings: CallRecordings;
  readonly plays: CallPlays;
  readonly collects: CallCollects;
  readonly commands: LiveCallCommands;
  readonly conferences: Conferences | undefined;
  readonly documents: MemoryDocumentStore | undefined;
  readonly events: MemoryEventLog;
  readonly cdrs: MemoryCdrLog;
  readonly table: MemoryCallTable;
  private readonly peers = new Map<string, FlowPeer>();
  private readonly store: MemoryCallStore;

  private constructor(options: FlowWorldOptions) {
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (message: string, fields?: LogFields) => void this.errors.push({ message, fields }),
    };
    const { clock } = this;
    this.mediaServers = poolOf(options, clock);
    this.table = options.table ?? new MemoryCallTable({ clock });
    this.events = new MemoryEventLog({ clock });
    this.cdrs = new MemoryCdrLog({ clock });
    this.store = new MemoryCallStore({ table: this.table, events: this.events, cdrs: this.cdrs, clock });
    const write = this.store.write.bind(this.store);
    // What is stored is what stood there at that moment, as in a store outside of the process.
    const { onWrite, gatherMs } = options;
    Object.assign(this.store, { gatherMs });
    this.store.write = ((asked: CallWrite) =>
      onWrite ? onWrite(taken(asked), write) : write(taken(asked))) as typeof this.store.write;
    this.layer = new TransactionLayer({ clock, transports: this.transportsOf(options), log });
    this.core = new UserAgentCore({
      clock,
      layer: this.layer,
      ids: randomIds,
      log,
      allow: ALLOW,
      supported: ['100rel', 'timer'],
      accept: ['application/sdp'],
      anyInfo: true,
      forwards: true,
      minSeS: 90,
    });
    this.layer.user = this.core;
    const routes = routesOf(options);
    const outbound = options.trunks?.(routes, clock);
    const authorizer = outbound?.authorizer;
    this.runner = new UsageRunner({
      clock,
      ids: randomIds,
      layer: this.layer,
      core: this.core,
      log,
      allow: ALLOW,
      supported: ['100rel'],
      sessionTimer: { intervalS: 1800, minSeS: 90 },
      ...(authorizer && { authorize: (challenge, request) => authorizer.authorize(challenge, request) }),
    });
    const timings = { ...DEFAULT_TIMINGS, ...options.timings };
    const index = new RecordingIndex(this.store, randomIds);
    const reader = new CallReader(this.store, (id) => this.registry.snapshot(id), index);
    this.registry = new CallRegistry({
      clock,
      ids: randomIds,
      log,
      store: this.store,
      signalling: this.runner,
      mediaServers: this.mediaServers,
      ...(outbound && { trunks: outbound.trunks }),
      timings,
      address: `${LEGATO.host}:${LEGATO.port}`,
      isTrustedPeer: (host) => options.trusted?.includes(host) ?? false,
      seats: options.seats,
      index,
    });
    this.runner.deliver = (usageId, feed) => void this.registry.deliver(usageId, feed);
    this.b2bua = new B2bua({
      clock,
      ids: randomIds,
      registry: this.registry,
      reader,
      routes: outbound?.routes ?? routes,
      timings,
      seats: options.seats,
    });
    this.collects = new CallCollects({ registry: this.registry, reader });
    this.plays = new CallPlays({ registry: this.registry, reader });
    this.recordings = new CallRecordings({ registry: this.registry, reader, index });
    this.commands = new LiveCallCommands({
      ids: randomIds,
      registry: this.registry,
      reader,
      routes: outbound?.routes ?? routes,
    });
    if (options.conferences) {
      const { clock, store, runner, mediaServers, registry } = this;
      const address = `${LEGATO.host}:${LEGATO.port}`;
      const base = { clock, ids: randomIds, log, store, signalling: runner, mediaServers, timings, address };
      const documents = options.documents ?? new MemoryDocumentStore();
      this.documents = documents;
      this.conferences = createConferences({
        ...base,
        documents,
        calls: registry,
        callReader: reader,
        index,
        routes,
      });
      this.runner.deliver = (usageId, feed) =>
        void (usageId.startsWith('conf_') ? this.conferences?.registry : this.registry)?.deliver(
          usageId,
          feed,
        );
    }
    this.core.onRequest = (transaction) => this.b2bua.receiveInvite(transaction);
    this.transport.onSend = this.tcp.onSend = (sent) => {
      const to = isFlow(sent.to) ? sent.to.remote : sent.to;
      this.peers.get(`${to.host}:${to.port}`)?.inbox.push(sent.message);
    };
  }

  private transportsOf({ tcp }: FlowWorldOptions): RecordingTransport[] {
    return tcp ? [this.transport, this.tcp] : [this.transport];
  }

  static async start(options: FlowWorldOptions = {}): Promise<FlowWorld> {
    const world = new FlowWorld(options);
    await world.store.register('node-1');
    await world.layer.start();
    return world;
  }

  peer(name: string, host: string, port: number): FlowPeer {
    const peer = new FlowPeer(name, { host, port }, (message, from) => this.transport.inject(message, from));
    this.peers.set(peer.hostPort, peer);
    return peer;
  }

  /** The only live call. */
  get call(): CallSnapshot {
    const [snapshot] = [...this.registry.snapshots()];
    if (!snapshot) throw new Error('no live call');
    return snapshot;
  }

  /** The detail records of calls that have ended. */
  async records(): Promise<CallDetailRecord[]> {
    return (await this.cdrs.read('', 1000)).cdrs.map(({ cdr }) => JSON.parse(cdr) as CallDetailRecord);
  }

  async eventTypes(): Promise<string[]> {
    return (await this.events.read('', 1000)).events.map(({ type }) => type);
  }

  /** Everything that a call holds: all zero once it has ended and its transactions have timed out. */
  held(): Record<string, number> {
    return {
      calls: this.registry.size + (this.conferences?.registry.size ?? 0),
      dialogs: this.core.dialogs.size,
      usages: this.runner.size,
      timers: this.clock.armed,
      ...this.layer.counts(),
    };
  }

  /** Lets every transaction run out, then says what is still held. */
  settle(): Record<string, number> {
    this.clock.advance(64 * 500 + 10_000);
    return this.held();
  }
}

export const NOTHING_HELD = {
  calls: 0,
  dialogs: 0,
  usages: 0,
  timers: 0,
  inviteClient: 0,
  inviteServer: 0,
  nonInviteClient: 0,
  nonInviteServer: 0,
};
