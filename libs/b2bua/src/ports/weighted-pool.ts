import type { Clock } from '@legato/kernel';
import type { MediaServerChoice, MediaServerPool } from './media-server-pool';

/** A media server as the operator describes it. */
export interface MediaServer extends MediaServerChoice {
  /** How it is called over REST; one of a kind. */
  readonly id: string;
  /** Its share of the work, against that of the others. */
  readonly weight: number;
  /** Connections at the same time at most; undefined: as many as come. */
  readonly capacity?: number;
}

/** Whether a media server takes new work; `draining`: it keeps what it has. */
export type MediaServerState = 'up' | 'draining' | 'down';

/** A media server and how it stands. */
export interface MediaServerStanding {
  readonly server: MediaServer;
  readonly state: MediaServerState;
  /** Connections that this node has there. */
  readonly connections: number;
}

/** How long a media server that failed is passed over while another is left. */
const AVOID_MS = 10_000;

interface Member {
  readonly server: MediaServer;
  /** What is owed to it: grows by its weight with each choice, and is paid when it is chosen. */
  credit: number;
  /** Monotonic time until which it is passed over. */
  avoidUntil: number;
  /** Whether it answered when it was asked last; undefined: it has not been asked. */
  works: boolean | undefined;
  drains: boolean;
  connections: number;
}

/** One that has not been asked does not count as up, but gets work: its first call finds out. */
function stateOf({ works, drains }: Member): MediaServerState {
  if (works === false) return 'down';
  if (drains) return 'draining';
  return works ? 'up' : 'down';
}

const isFull = ({ server, connections }: Member): boolean =>
  server.capacity !== undefined && connections >= server.capacity;

/** Media servers by weight, in turn; one that is full, draining or down gets nothing new, one that just failed comes last. */
export class WeightedPool implements MediaServerPool {
  private readonly members: ReadonlyMap<string, Member>;
  private readonly holders = new Map<string, Member>();
  /** A call found that a server does not do its work. */
  onFailure: (uri: string) => void = () => undefined;

  constructor(
    servers: readonly MediaServer[],
    private readonly clock: Clock,
  ) {
    this.members = new Map(
      servers.map((server) => [
        server.uri,
        { server, credit: 0, avoidUntil: 0, works: undefined, drains: false, connections: 0 },
      ]),
    );
  }

  choose(except: readonly string[], preferred?: string): MediaServerChoice | undefined {
    const wanted = preferred === undefined ? undefined : this.members.get(preferred);
    if (wanted && wanted.works !== false && !isFull(wanted) && !except.includes(wanted.server.uri))
      return wanted.server;
    const open = this.open(except);
    const trusted = open.filter(({ avoidUntil }) => avoidUntil <= this.clock.now());
    return this.next(trusted.length > 0 ? trusted : open)?.server;
  }

  /** Whether there is a server that would be chosen. */
  get takesWork(): boolean {
    return this.open([]).length > 0;
  }

  find(uri: string): MediaServerChoice | undefined {
    return this.members.get(uri)?.server;
  }

  reportFailure(uri: string): void {
    const member = this.members.get(uri);
    if (!member) return;
    member.avoidUntil = this.clock.now() + AVOID_MS;
    this.onFailure(uri);
  }

  reportSuccess(uri: string): void {
    const member = this.members.get(uri);
    if (member) member.avoidUntil = 0;
  }

  hold(uri: string, usageId: string): void {
    const member = this.members.get(uri);
    if (!member || this.holders.has(usageId)) return;
    this.holders.set(usageId, member);
    member.connections += 1;
  }

  release(usageId: string): void {
    const member = this.holders.get(usageId);
    if (!member) return;
    this.holders.delete(usageId);
    member.connections -= 1;
  }

  /** What the watch of the server found. */
  setWorks(uri: string, works: boolean): void {
    const member = this.members.get(uri);
    if (member) member.works = works;
  }

  /** What the operator wants. */
  setDrains(uri: string, drains: boolean): void {
    const member = this.members.get(uri);
    if (member) member.drains = drains;
  }

  /** All of them, in the order of the configuration. */
  standings(): MediaServerStanding[] {
    return [...this.members.values()].map((member) => ({
      server: member.server,
      state: stateOf(member),
      connections: member.connections,
    }));
  }

  private open(except: readonly string[]): Member[] {
    return [...this.members.values()].filter(
      (member) =>
        member.works !== false && !member.drains && !isFull(member) && !except.includes(member.server.uri),
    );
  }

  /** Smooth weighted round robin: over as many choices as there are weights, each gets its share, spread out. */
  private next(candidates: readonly Member[]): Member | undefined {
    let best: Member | undefined;
    let total = 0;
    for (const member of candidates) {
      member.credit += member.server.weight;
      total += member.server.weight;
      if (!best || member.credit > best.credit) best = member;
    }
    if (best) best.credit -= total;
    return best;
  }
}
