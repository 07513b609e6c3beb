import type { Address } from '@legato/sip';
import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';

/** What a {@link LossyUdpProxy} does to datagrams, in each direction. Rates are shares from 0 to 1. */
export interface FaultRates {
  readonly lossRate?: number;
  readonly duplicateRate?: number;
  /** Each datagram waits a random time between these: that is how their order changes. */
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
}

export interface LossyUdpProxyOptions extends FaultRates {
  /** Where datagrams from clients go. */
  readonly target: Address;
  /** The same seed gives the same faults for the same datagrams in the same order; default 1. */
  readonly seed?: number;
}

/** What became of the datagrams so far. */
export interface ProxyCounts {
  forwarded: number;
  lost: number;
  duplicated: number;
}

const HOST = '127.0.0.1';

/** A small generator with a seed (mulberry32): numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Loses, doubles, delays and reorders UDP datagrams between clients and one target on this machine, without privileges. Each
 * client is one source port at the target, as behind NAT.
 */
export class LossyUdpProxy {
  readonly counts: ProxyCounts = { forwarded: 0, lost: 0, duplicated: 0 };
  /** May be changed while it runs. */
  faults: FaultRates;
  private readonly random: () => number;
  private readonly front = createSocket('udp4');
  private readonly backs = new Map<string, Socket>();
  private readonly delayed = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly options: LossyUdpProxyOptions) {
    this.faults = options;
    this.random = seededRandom(options.seed ?? 1);
  }

  /** The address for clients to send to. */
  async start(): Promise<Address> {
    this.front.on('message', (bytes, { address, port }) => this.receive(bytes, { host: address, port }));
    await bind(this.front);
    return { host: HOST, port: this.front.address().port };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.delayed) clearTimeout(timer);
    const sockets = [this.front, ...this.backs.values()];
    this.backs.clear();
    await Promise.all(sockets.map((each) => new Promise<void>((resolve) => each.close(() => resolve()))));
  }

  private receive(bytes: Buffer, client: Address): void {
    this.fate(() => this.backFor(client).send(bytes, this.options.target.port, this.options.target.host));
  }

  private backFor(client: Address): Socket {
    const key = `${client.host}:${client.port}`;
    let back = this.backs.get(key);
    if (!back) {
      back = createSocket('udp4');
      back.on('error', () => undefined);
      back.on('message', (bytes) => this.fate(() => this.front.send(bytes, client.port, client.host)));
      this.backs.set(key, back);
    }
    return back;
  }

  /** Sends never, once or twice, now or later. */
  private fate(send: () => void): void {
    const { lossRate = 0, duplicateRate = 0 } = this.faults;
    if (this.random() < lossRate) {
      this.counts.lost++;
      return;
    }
    this.later(send);
    if (this.random() >= duplicateRate) return;
    this.counts.duplicated++;
    this.later(send);
  }

  private later(send: () => void): void {
    const { minDelayMs = 0, maxDelayMs = minDelayMs } = this.faults;
    const delayMs = minDelayMs + this.random() * (maxDelayMs - minDelayMs);
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      if (this.stopped) return;
      this.counts.forwarded++;
      send();
    }, delayMs);
    this.delayed.add(timer);
  }
}

function bind(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, HOST, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve();
    });
  });
}
