import type { CallStore } from '@legato/b2bua';
import type { IdSource } from '@legato/kernel';

/** How long the outcome of a command can be asked for again. */
const KEEP_MS = 24 * 3_600_000;
/** A command whose node died before its outcome was stored may be tried anew after this. */
const PENDING_MS = 5 * 60_000;
/** As good as gone. */
const RELEASED_MS = 1;

/** What a command was answered. */
export interface KeptAnswer {
  readonly body: unknown;
  readonly location?: string;
}

interface Kept {
  readonly fingerprint: string;
  /** Not there while the command runs. */
  readonly answer?: KeptAnswer;
}

export type Beginning =
  /** The first with this key: it has to be completed or released. */
  | { readonly state: 'begun' }
  | { readonly state: 'in progress' }
  /** The key belongs to another request. */
  | { readonly state: 'taken' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer };

/** Outcomes of commands by Idempotency-Key, in the store of the calls: they are as durable as these. */
export class IdempotencyRecords {
  constructor(
    private readonly store: CallStore,
    private readonly ids: IdSource,
  ) {}

  /** `id` names key and client, `fingerprint` the request. */
  async begin(id: string, fingerprint: string): Promise<Beginning> {
    const known = await this.read(id);
    if (known) return judge(known, fingerprint);
    if (await this.write(id, 0, { fingerprint }, PENDING_MS)) return { state: 'begun' };
    // Somebody was faster, or a copy of this very request was.
    const winner = await this.read(id);
    return winner ? judge(winner, fingerprint) : { state: 'in progress' };
  }

  async complete(id: string, fingerprint: string, answer: KeptAnswer): Promise<void> {
    await this.write(id, 1, { fingerprint, answer }, KEEP_MS);
  }

  /** The command was refused: the key is free again. */
  async release(id: string, fingerprint: string): Promise<void> {
    await this.write(id, 1, { fingerprint }, RELEASED_MS);
  }

  private async read(id: string): Promise<Kept | undefined> {
    const record = await this.store.load(id);
    return record && (JSON.parse(record.state) as Kept);
  }

  private async write(id: string, expectedVersion: number, kept: Kept, ttlMs: number): Promise<boolean> {
    const outcome = await this.store.write({
      id,
      expectedVersion,
      generation: 1,
      opId: this.ids.token(8),
      state: JSON.stringify(kept),
      events: [],
      ended: true,
      ttlMs,
    });
    return outcome.status === 'stored';
  }
}

function judge(kept: Kept, fingerprint: string): Beginning {
  if (kept.fingerprint !== fingerprint) return { state: 'taken' };
  return kept.answer ? { state: 'answered', answer: kept.answer } : { state: 'in progress' };
}
