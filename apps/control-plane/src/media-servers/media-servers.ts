import type { MediaServerStanding, MediaServerState } from '@legato/b2bua';
import { ControlChannel, WeightedPool } from '@legato/b2bua';
import type { EventData } from '@legato/contracts';
import type { Clock, IdSource, Log } from '@legato/kernel';
import type { MsmlOperation, MsmlOutcome } from '@legato/msml';
import type { DeliverToUsage, InviteUsage, UsageEvent, UsageOutput } from '@legato/sip';
import type { Drains } from './drains';
import { MediaServerHealth } from './media-server-health';
import type { ConfiguredMediaServer } from './media-servers-file';
import type { Probe } from './options-probe';
import { refusesForGood, speaksMsml } from './speaks-msml';

export interface MediaServersOptions {
  readonly servers: readonly ConfiguredMediaServer[];
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** By OPTIONS. */
  readonly probe: Probe;
  /** `host:port` of this user agent. */
  readonly address: string;
  readonly drains: Drains;
  readonly report: (
    type: `media_server.${MediaServerState}`,
    subject: string,
    data: EventData<'media_server.up'>,
  ) => Promise<void>;
}

/** Where the control channels send, and who brings them what arrives. */
export interface ControlSignalling {
  readonly output: UsageOutput;
}

/** More than one look at a server: a pause of it ends nothing. */
const SILENCE_MS = 3_000;
const AUDIT: MsmlOperation[] = [{ element: 'audit', queryid: 'conf:*' }];

/**
 * The media servers of this node: watches by OPTIONS, and by MSML audit over a control channel, whether they work, and keeps the pool
 * informed. What an operator drains is drained on every node of the store.
 */
export class MediaServers {
  readonly pool: WeightedPool;
  /** Events about objects that nobody here knows, since the start. */
  unknownEvents = 0;
  private readonly health: MediaServerHealth;
  private readonly channels = new Map<string, ControlChannel>();
  /** Servers that take no dialog without media: they are asked by OPTIONS alone. */
  private readonly without = new Set<string>();
  /** A server has not answered OPTIONS for so long that nothing it was asked will be answered; told with each look at it. */
  onSilent: (uri: string) => void = () => undefined;
  private readonly silentSince = new Map<string, number>();
  private readonly told = new Map<string, MediaServerState>();
  private running = false;

  constructor(private readonly options: MediaServersOptions) {
    const { servers, clock, log, drains } = options;
    this.pool = new WeightedPool(servers, clock);
    this.pool.onFailure = (uri) => this.health.askNow(uri);
    drains.onChange = (id, drained) => this.setDrains(id, drained);
    this.health = new MediaServerHealth({
      uris: servers.map(({ uri }) => uri),
      clock,
      log,
      probe: (uri) => this.works(uri),
      pool: {
        reportSuccess: (uri) => this.setWorks(uri, true),
        reportFailure: (uri) => this.setWorks(uri, false),
      },
      onChange: () => undefined,
    });
  }

  /** Whether one takes new work as far as is known, for /readyz. */
  get anyUp(): boolean {
    return this.standings().some(({ state }) => state === 'up');
  }

  /** Servers by state, for /metrics. */
  counts(): Readonly<Record<MediaServerState, number>> {
    const counts = { up: 0, draining: 0, down: 0 };
    for (const { state } of this.standings()) counts[state] += 1;
    return counts;
  }

  /** Connections of this node by server, for /metrics. */
  connections(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.standings().map(({ server, connections }) => [server.id, connections]));
  }

  standings(): MediaServerStanding[] {
    return this.pool.standings();
  }

  find(id: string): MediaServerStanding | undefined {
    return this.standings().find(({ server }) => server.id === id);
  }

  /** Whether a control channel to the server `id` is open. */
  hasChannel(id: string): boolean {
    return this.channels.get(this.uriOf(id))?.isOpen ?? false;
  }

  /** Makes the control channels; what arrives for them goes to {@link deliver}. */
  connectThrough({ output }: ControlSignalling): void {
    const { servers, clock, address } = this.options;
    for (const server of servers) {
      if (!server.control) continue;
      this.channels.set(
        server.uri,
        new ControlChannel({
          id: `control:${server.id}`,
          server,
          clock,
          output,
          address,
          onLost: () => this.lost(server),
          onEvent: () => void (this.unknownEvents += 1),
        }),
      );
    }
  }

  /** From below: something arrived for the dialog `usageId`; false when it is of no control channel. */
  readonly deliver = (usageId: string, feed: (usage: InviteUsage) => UsageEvent[]): boolean => {
    for (const channel of this.channels.values()) if (channel.deliver(usageId, feed)) return true;
    return false;
  };

  start(): void {
    this.running = true;
    this.health.start();
    this.options.drains.start();
  }

  /** Closes the control channels. */
  async stop(): Promise<void> {
    this.running = false;
    this.health.stop();
    this.options.drains.stop();
    await Promise.all([...this.channels.values()].map((channel) => channel.close()));
  }

  /** No new work for the server, or new work again; false when there is no such server. Rejects with StoreUnavailable. */
  async drain(id: string, drained: boolean): Promise<boolean> {
    if (!this.find(id)) return false;
    await this.options.drains.set(id, drained);
    return true;
  }

  /** Asks the server `id` over its control channel, which is opened for it; 480 when there is none. */
  async ask(id: string, operations: MsmlOperation[]): Promise<MsmlOutcome | undefined> {
    const channel = this.channels.get(this.uriOf(id));
    if (!channel || !(await channel.open()).open) return undefined;
    return channel.ask(operations);
  }

  private uriOf(id: string): string {
    return this.find(id)?.server.uri ?? '';
  }

  private async works(uri: string): Promise<boolean> {
    const answers = await this.options.probe(uri);
    this.noteSilence(uri, answers);
    if (!answers) {
      this.without.delete(uri);
      return false;
    }
    const channel = this.channels.get(uri);
    if (!channel || !this.running || this.without.has(uri)) return true;
    const wasOpen = channel.isOpen;
    const works = await this.worksOver(channel, uri);
    // A server that was restarted does not know the dialog any more, and works all the same.
    return works || !wasOpen || channel.isOpen ? works : this.worksOver(channel, uri);
  }

  private async worksOver(channel: ControlChannel, uri: string): Promise<boolean> {
    const opening = await channel.open();
    if (opening.open) return speaksMsml(await channel.ask(AUDIT));
    if (!refusesForGood(opening.status)) return false;
    this.without.add(uri);
    this.options.log.info('media_server.without_control', { uri, status: opening.status });
    return true;
  }

  private lost({ uri }: ConfiguredMediaServer): void {
    if (!this.running) return;
    this.options.log.warn('media_server.control_lost', { uri });
    this.health.askNow(uri);
  }

  private setWorks(uri: string, works: boolean): void {
    this.pool.setWorks(uri, works);
    this.tell(uri);
  }

  private noteSilence(uri: string, answers: boolean): void {
    const now = this.options.clock.now();
    const since = this.silentSince.get(uri) ?? now;
    if (answers) this.silentSince.delete(uri);
    else this.silentSince.set(uri, since);
    if (!answers && now - since >= SILENCE_MS) this.onSilent(uri);
  }

  private setDrains(id: string, drained: boolean): void {
    const uri = this.uriOf(id);
    this.pool.setDrains(uri, drained);
    // Before it was asked there is nothing to tell: it is down as far as anybody knows.
    if (this.told.has(uri)) this.tell(uri);
  }

  private tell(uri: string): void {
    const standing = this.standings().find(({ server }) => server.uri === uri);
    if (!standing || this.told.get(uri) === standing.state) return;
    this.told.set(uri, standing.state);
    void this.options.report(`media_server.${standing.state}`, uri, { id: standing.server.id, uri });
  }
}

/** Gives what arrives to the control channels first, then to `others`. */
export function deliverFirst(
  mediaServers: Pick<MediaServers, 'deliver'>,
  others: DeliverToUsage,
): DeliverToUsage {
  return (usageId, feed) => {
    if (!mediaServers.deliver(usageId, feed)) others(usageId, feed);
  };
}
