import { deepStrictEqual, ok } from 'node:assert/strict';
import type { CallWrite, WriteOutcome } from '@legato/b2bua';
import * as fc from 'fast-check';
import type { OwnedCallStore } from './call-store-contract';

/** Where a run of the model takes place. */
export interface OwnershipPlace {
  open(): Promise<OwnedCallStore>;
  fence(nodeId: string): Promise<void>;
  flush(): Promise<void>;
}

/** Something that happens to the nodes around one store. `slot` is a process. */
export type OwnershipAction =
  /** The process dies with all it knew, another one starts in its place. */
  | { readonly do: 'restart'; readonly slot: number }
  | { readonly do: 'write'; readonly slot: number; readonly call: string; readonly ended: boolean }
  /** The answer to the write is lost; the process sends it again before it does anything else with the call. */
  | { readonly do: 'write unanswered'; readonly slot: number; readonly call: string }
  | { readonly do: 'fence'; readonly slot: number }
  | { readonly do: 'claim'; readonly slot: number; readonly from: number }
  /** A process that was fenced comes back and asserts what it still holds. */
  | { readonly do: 'rejoin'; readonly slot: number }
  /** The store loses everything and every process asserts what it holds, in this order. */
  | { readonly do: 'flush'; readonly order: readonly number[] };

/** Node ids of the processes: two of them have the same, as when a node is replaced before it is gone. */
const SLOTS = ['a', 'a', 'b', 'c'] as const;
const CALLS = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];

interface Held {
  generation: number;
  version: number;
  state: string;
  unanswered?: CallWrite;
}

interface Process {
  readonly number: number;
  readonly nodeId: string;
  readonly store: OwnedCallStore;
  /** What it believes to own. */
  readonly held: Map<string, Held>;
  /** It was declared dead, or another process has its node id now: nothing that it asks for may be done. */
  outcast: boolean;
}

interface Accepted {
  readonly process: number;
  version: number;
  opId: string;
}

/**
 * Nodes around one store, as processes that obey the rules: they write only what they hold and drop what they are
 * fenced from. It checks after each step: per call and generation one process only and growing versions (I1), never an
 * older generation once a newer one was accepted (I10), nothing from or for the fenced, nothing taken from the living,
 * and that neither a claim nor a flush loses an accepted write of a process that lives (I12).
 */
class OwnershipWorld {
  private readonly processes: Process[] = [];
  /** By call, then generation. */
  private readonly accepted = new Map<string, Map<number, Accepted>>();
  /** The last accepted state of each call. */
  private readonly truth = new Map<
    string,
    { generation: number; version: number; state: string; ended: boolean }
  >();
  private started = 0;
  private operations = 0;
  /** Calls that some process has tried to create: ids are unique. */
  private readonly created = new Set<string>();

  private constructor(private readonly place: OwnershipPlace) {}

  static async begin(place: OwnershipPlace): Promise<OwnershipWorld> {
    const world = new OwnershipWorld(place);
    for (const slot of SLOTS.keys()) await world.start(slot);
    return world;
  }

  /** Carries out an action and tells what came of it: two stores must tell the same. */
  async act(action: OwnershipAction): Promise<string> {
    switch (action.do) {
      case 'restart':
        return this.start(action.slot);
      case 'write':
        return this.write(this.at(action.slot), action.call, action.ended, true);
      case 'write unanswered':
        return this.write(this.at(action.slot), action.call, false, false);
      case 'fence':
        await this.place.fence(SLOTS[action.slot]!);
        this.castOut(SLOTS[action.slot]!);
        return 'fenced';
      case 'claim':
        return this.claim(this.at(action.slot), SLOTS[action.from]!);
      case 'rejoin':
        return this.rejoin(this.at(action.slot));
      case 'flush':
        return this.flush(action.order);
    }
  }

  async end(): Promise<void> {
    for (const process of this.processes) await process.store.close();
  }

  private at(slot: number): Process {
    return this.processes[slot]!;
  }

  private async start(slot: number): Promise<string> {
    const nodeId = SLOTS[slot]!;
    const store = await this.place.open();
    await store.register(nodeId);
    this.castOut(nodeId);
    // It has been replaced by now: closing changes nothing in the store.
    await this.processes[slot]?.store.close();
    this.started += 1;
    this.processes[slot] = { number: this.started, nodeId, store, held: new Map(), outcast: false };
    return 'started';
  }

  private newest(nodeId: string): Process | undefined {
    const processes = this.processes.filter((process) => process.nodeId === nodeId);
    return processes.sort((a, b) => b.number - a.number)[0];
  }

  private castOut(nodeId: string): void {
    for (const process of this.processes) if (process.nodeId === nodeId) process.outcast = true;
  }

  private async write(process: Process, call: string, ended: boolean, answered: boolean): Promise<string> {
    const held = process.held.get(call);
    if (held?.unanswered) return this.again(process, call, held, held.unanswered);
    if (!held && this.created.has(call)) return 'not mine';
    this.created.add(call);
    const from = held ?? { generation: 1, version: 0, state: '' };
    const write = this.writeOf(process, call, from, ended);
    const outcome = await process.store.write(write);
    ok(outcome.status !== 'version', `${call}: its only writer was told version`);
    if (outcome.status === 'stored') this.accept(process, write, outcome.version);
    if (answered) this.learn(process, write, outcome);
    else process.held.set(call, { ...from, unanswered: write });
    return answered ? describe(outcome) : 'unanswered';
  }

  private async again(process: Process, call: string, held: Held, write: CallWrite): Promise<string> {
    const outcome = await process.store.write(write);
    ok(outcome.status !== 'version', `${call}: a repeated write was told version`);
    delete held.unanswered;
    if (outcome.status === 'stored') this.accept(process, write, outcome.version);
    this.learn(process, write, outcome);
    return `again ${describe(outcome)}`;
  }

  private writeOf(process: Process, id: string, from: Held, ended: boolean): CallWrite {
    this.operations += 1;
    const opId = `op-${this.operations}`;
    const state = JSON.stringify({ by: process.number, opId });
    const { generation, version: expectedVersion } = from;
    return { id, expectedVersion, generation, opId, state, events: [], ended, ttlMs: 3_600_000 };
  }

  /** What the process believes once it has the answer. */
  private learn(process: Process, write: CallWrite, outcome: WriteOutcome): void {
    if (outcome.status !== 'stored' || write.ended) process.held.delete(write.id);
    else {
      const { generation, state } = write;
      process.held.set(write.id, { generation, version: outcome.version, state });
    }
  }

  private accept(process: Process, write: CallWrite, version: number): void {
    const { id, generation, opId, state, ended } = write;
    ok(!process.outcast, `${id}: a write of a fenced process was accepted`);
    const generations = this.accepted.get(id) ?? new Map<number, Accepted>();
    this.accepted.set(id, generations);
    const before = generations.get(generation);
    ok(
      before === undefined || before.process === process.number,
      `${id}: two owners of generation ${generation}`,
    );
    ok(
      before === undefined || version > before.version || opId === before.opId,
      `${id}: version ${version} after ${before?.version}`,
    );
    generations.set(generation, { process: process.number, version, opId });
    const newest = this.truth.get(id);
    ok(
      newest === undefined || generation >= newest.generation,
      `${id}: generation ${generation} after a newer one`,
    );
    this.truth.set(id, { generation, version, state, ended });
  }

  private async claim(process: Process, from: string): Promise<string> {
    const claimed = await process.store.claim(from);
    claimed.sort((a, b) => (a.id < b.id ? -1 : 1));
    ok(!process.outcast || claimed.length === 0, 'a fenced process was given calls');
    for (const record of claimed) {
      const { id, version, generation, state } = record;
      const robbed = this.processes.find((other) => other.held.get(id)?.generation === generation - 1);
      ok(!robbed || robbed.outcast, `${id}: taken from its living owner`);
      const truth = this.truth.get(id);
      ok(truth && !truth.ended, `${id}: claimed, though it has ended`);
      deepStrictEqual({ version, state }, { version: truth.version, state: truth.state });
      deepStrictEqual(generation, truth.generation + 1);
      ok(!this.accepted.get(id)?.has(generation), `${id}: generation ${generation} was given out before`);
      this.accepted.get(id)!.set(generation, { process: process.number, version, opId: '' });
      this.truth.set(id, { ...truth, generation });
      process.held.set(id, { generation, version, state });
    }
    return `claimed ${claimed.map(({ id, generation }) => `${id}/${generation}`).join(' ')}`;
  }

  private async rejoin(process: Process): Promise<string> {
    // One that was replaced would fence its successor: it stops instead.
    const newest = Math.max(
      ...this.processes.filter((p) => p.nodeId === process.nodeId).map((p) => p.number),
    );
    if (process.number !== newest) return 'superseded';
    await process.store.register(process.nodeId);
    process.outcast = false;
    return this.assert(process);
  }

  private async assert(process: Process): Promise<string> {
    const told: string[] = [];
    for (const [call, held] of [...process.held].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const write = held.unanswered ?? this.writeOf(process, call, held, false);
      const [outcome] = await process.store.reassert([write]);
      if (outcome!.status === 'stored') this.accept(process, write, outcome!.version);
      this.learn(process, write, outcome!);
      told.push(`${call} ${describe(outcome!)}`);
    }
    return told.join(', ');
  }

  private async flush(order: readonly number[]): Promise<string> {
    await this.place.flush();
    // The store no longer knows better than any process: what the processes still hold decides.
    const before = new Map([...this.truth].filter(([, truth]) => !truth.ended));
    this.truth.clear();
    const owners = new Map(
      [...before.keys()].map((call) => [call, this.ownerOf(call, before.get(call)!.generation)]),
    );
    for (const process of this.processes) process.outcast = false;
    const told: string[] = [];
    for (const slot of order) told.push(await this.settle(this.at(slot)));
    for (const process of this.processes) process.outcast = process !== this.newest(process.nodeId);
    for (const [call, owner] of owners) await this.checkKept(call, owner);
    for (const [call, generations] of this.accepted) {
      for (const [generation, { process }] of generations) {
        const holder = this.processes.find((p) => p.number === process);
        if (holder?.held.get(call)?.generation !== generation) generations.delete(generation);
      }
    }
    return told.join('; ');
  }

  /**
   * As {@link assert}, after a sign of life that stands for the heartbeat. An older generation may come first, a newer
   * one then takes its place.
   */
  private async settle(process: Process): Promise<string> {
    const sign = { generation: 1, version: 0, state: '' };
    const known = await process.store.write(
      this.writeOf(process, `sign-${process.number}-${this.operations}`, sign, true),
    );
    if (known.status === 'fenced') {
      process.held.clear();
      return 'superseded';
    }
    for (const [call, held] of process.held) {
      const truth = this.truth.get(call);
      if (truth && truth.generation > held.generation) {
        const write = held.unanswered ?? this.writeOf(process, call, held, false);
        const [outcome] = await process.store.reassert([write]);
        ok(outcome!.status === 'fenced', `${call}: an older generation displaced a newer one`);
        process.held.delete(call);
      }
    }
    return this.assert(process);
  }

  /** The process that holds the newest generation of a call, if it is the newest of its node. */
  private ownerOf(call: string, generation: number): Process | undefined {
    const owner = this.processes.find((process) => process.held.get(call)?.generation === generation);
    return owner && owner === this.newest(owner.nodeId) ? owner : undefined;
  }

  private async checkKept(call: string, owner: Process | undefined): Promise<void> {
    if (!owner) return;
    const held = owner.held.get(call);
    ok(held, `${call}: its living owner lost it in a flush`);
    const record = await owner.store.load(call);
    deepStrictEqual(
      { owner: record?.owner, generation: record?.generation, state: record?.state },
      { owner: owner.nodeId, generation: held.generation, state: held.state },
    );
  }
}

const describe = (outcome: WriteOutcome) =>
  outcome.status === 'stored' ? `stored ${outcome.version}` : outcome.status;

class OwnershipCommand implements fc.AsyncCommand<object, readonly OwnershipWorld[]> {
  constructor(private readonly action: OwnershipAction) {}

  check(): boolean {
    return true;
  }

  async run(_model: object, worlds: readonly OwnershipWorld[]): Promise<void> {
    const told: string[] = [];
    for (const world of worlds) told.push(await world.act(this.action));
    for (const other of told) deepStrictEqual(other, told[0]);
  }

  toString(): string {
    return JSON.stringify(this.action);
  }
}

/** Histories of up to `maxCommands` actions. */
export function ownershipCommands(maxCommands: number) {
  const slot = fc.nat(SLOTS.length - 1);
  const call = fc.constantFrom(...CALLS);
  const actions: fc.Arbitrary<OwnershipAction>[] = [
    fc.record({ do: fc.constant('restart' as const), slot }),
    fc.record({ do: fc.constant('write' as const), slot, call, ended: fc.constant(false) }),
    fc.record({ do: fc.constant('write' as const), slot, call, ended: fc.constant(false) }),
    fc.record({ do: fc.constant('write' as const), slot, call, ended: fc.boolean() }),
    fc.record({ do: fc.constant('write unanswered' as const), slot, call }),
    fc.record({ do: fc.constant('fence' as const), slot }),
    fc.record({ do: fc.constant('claim' as const), slot, from: slot }),
    fc.record({ do: fc.constant('claim' as const), slot, from: slot }),
    fc.record({ do: fc.constant('rejoin' as const), slot }),
    fc.record({
      do: fc.constant('flush' as const),
      order: fc.shuffledSubarray([...SLOTS.keys()], { minLength: SLOTS.length }),
    }),
  ];
  const commands = actions.map((action) => action.map((given) => new OwnershipCommand(given)));
  return fc.commands(commands, { maxCommands, size: 'max' });
}

/** Runs a history in every place at once; each must obey the invariants, and all must tell the same. */
export async function runOwnership(
  places: readonly OwnershipPlace[],
  history: Iterable<fc.AsyncCommand<object, readonly OwnershipWorld[]>>,
): Promise<void> {
  const worlds: OwnershipWorld[] = [];
  for (const place of places) worlds.push(await OwnershipWorld.begin(place));
  try {
    await fc.asyncModelRun(() => ({ model: {}, real: worlds }), history);
  } finally {
    for (const world of worlds) await world.end();
  }
}
