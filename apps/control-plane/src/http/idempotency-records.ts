import type { CallRecord, CallStore } from '@legato/b2bua';
import type { Clock, IdSource } from '@legato/kernel';

/** How long the outcome of a command can be asked for again. */
const KEEP_MS = 24 * 3_600_000;
/** A command that another node has not answered by now never will be: every wait of one is shorter. */
const ABANDONED_MS = 30_000;
/** As good as gone. */
const RELEASED_MS = 1;
const ID_BYTES = 8;

/** What a command was answered. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly location?: string;
}

interface Kept {
  readonly fingerprint: string;
  /** UUID of the command: the same each time that it is carried out. */
  readonly command: string;
  /** The process that carries it out, and the node that this is a life of. */
  readonly process: string;
  readonly node: string;
  /** Wall time in milliseconds. */
  readonly since: number;
  /** Not there while the command runs. */
  readonly answer?: KeptAnswer;
}

/** The right to carry out a command, which has to be completed or released. */
export interface Ticket {
  readonly id: string;
  readonly command: string;
  readonly version: number;
  readonly generation: number;
  readonly kept: Kept;
}

export type Beginning =
  /** The first with this key; or the first of this life, when an earlier one died on it. */
  | { readonly state: 'begun'; readonly ticket: Ticket; readonly isAgain: boolean }
  | { readonly state: 'in progress' }
  /** The key belongs to another request. */
  | { readonly state: 'taken' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer };

export interface IdempotencyRecordsOptions {
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly nodeId: string;
}

/**
 * Outcomes of commands by Idempotency-Key, in the store of the calls: they are as durable as these. A command whose
 * process died is carried out again under its own id, and finds what it did the first time in the call.
 */
export class IdempotencyRecords {
  private readonly process: string;
  private readonly running = new Set<string>();

  constructor(
    private readonly store: CallStore,
    private readonly options: IdempotencyRecordsOptions,
  ) {
    this.process = options.ids.token(ID_BYTES);
  }

  /** `id` names key and client, `fingerprint` the request. */
  async begin(id: string, fingerprint: string): Promise<Beginning> {
    const known = await this.store.load(id);
    if (known) return this.judge(known, fingerprint);
    const ticket = this.ticket(id, 0, 1, fingerprint, this.options.ids.uuidv7());
    if (await this.take(ticket)) return { state: 'begun', ticket: { ...ticket, version: 1 }, isAgain: false };
    // Somebody was faster, or a copy of this very request was.
    const winner = await this.store.load(id);
    return winner ? this.judge(winner, fingerprint) : { state: 'in progress' };
  }

  async complete(ticket: Ticket, answer: KeptAnswer): Promise<void> {
    this.running.delete(ticket.id);
    await this.write(ticket, { ...ticket.kept, answer }, KEEP_MS);
  }

  /** The command was refused: the key is free again. */
  async release(ticket: Ticket): Promise<void> {
    this.running.delete(ticket.id);
    await this.write(ticket, ticket.kept, RELEASED_MS);
  }

  /** Nobody knows whether the command has done anything: a copy of it goes on under the same id. */
  abandon(ticket: Ticket): void {
    this.running.delete(ticket.id);
  }

  private async judge(record: CallRecord, fingerprint: string): Promise<Beginning> {
    const kept = JSON.parse(record.state) as Kept;
    if (kept.fingerprint !== fingerprint) return { state: 'taken' };
    if (kept.answer) return { state: 'answered', answer: kept.answer };
    if (!this.isAbandoned(record.id, kept)) return { state: 'in progress' };
    const ticket = this.ticket(record.id, record.version, record.generation + 1, fingerprint, kept.command);
    if (!(await this.take(ticket))) return { state: 'in progress' };
    return { state: 'begun', ticket: { ...ticket, version: record.version + 1 }, isAgain: true };
  }

  /** Whoever began it is dead, or let go of it without a word. */
  private isAbandoned(id: string, { process, node, since }: Kept): boolean {
    if (process === this.process) return !this.running.has(id);
    if (node === this.options.nodeId) return true;
    return since + ABANDONED_MS < this.options.clock.wallTime();
  }

  private ticket(
    id: string,
    version: number,
    generation: number,
    fingerprint: string,
    command: string,
  ): Ticket {
    const since = this.options.clock.wallTime();
    const kept = { fingerprint, command, process: this.process, node: this.options.nodeId, since };
    return { id, command, version, generation, kept };
  }

  private async take(ticket: Ticket): Promise<boolean> {
    // Before the write: a copy may read it before its answer is here.
    if (this.running.has(ticket.id)) return false;
    this.running.add(ticket.id);
    try {
      const isTaken = await this.write(ticket, ticket.kept, KEEP_MS);
      if (!isTaken) this.running.delete(ticket.id);
      return isTaken;
    } catch (error) {
      this.running.delete(ticket.id);
      throw error;
    }
  }

  private async write({ id, version, generation }: Ticket, kept: Kept, ttlMs: number): Promise<boolean> {
    const outcome = await this.store.write({
      id,
      expectedVersion: version,
      generation,
      opId: this.options.ids.token(ID_BYTES),
      state: JSON.stringify(kept),
      events: [],
      ended: true,
      ttlMs,
    });
    return outcome.status === 'stored';
  }
}
