import { StoreUnavailable } from '@legato/b2bua';
import type { RegistrationRecord, RegistrationStore } from '@legato/b2bua';
import type { Clock, IdSource, Log } from '@legato/kernel';
import type { Binding, BindingChange, RegisterRefusal, RegistrarRules, SipRequest } from '@legato/sip';
import {
  applyRegister,
  domainOf,
  expiredBindings,
  liveBindings,
  readRegister,
  refuseRegister,
  registeredHeaders,
} from '@legato/sip';
import type { RemovedBy } from './registration-events';
import { registrationEvents } from './registration-events';

export interface RegistrarOptions {
  readonly store: RegistrationStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly rules: RegistrarRules;
  /** Domains whose users may register, in lower case; empty: any. */
  readonly domains: readonly string[];
}

/** A REGISTER that was carried out. */
export interface Registered {
  readonly status: 200;
  readonly headers: readonly (readonly [string, string])[];
}

/** Bindings as they are to be, and how they differ. */
interface Decision {
  readonly bindings: readonly Binding[];
  readonly changes: readonly BindingChange[];
}

type Decide = (current: readonly Binding[], now: number) => Decision | RegisterRefusal;

/** How often a write may be overtaken by other nodes before the client has to try again. */
const MAX_ATTEMPTS = 8;
const OVERTAKEN = refuseRegister(500, 'Too Many Registrations at Once', [['Retry-After', '1']]);
const FULL = refuseRegister(503, 'Registrar Full', [['Retry-After', '60']]);
/** The RFC asks for 500 when bindings can not be written (RFC 3261 §10.3 step 7). */
const NOT_STORED = refuseRegister(500, 'Bindings Not Stored', [['Retry-After', '5']]);
const NOT_OURS = refuseRegister(404, 'Not a Domain of this Registrar');
const EMPTY = { version: 0, sequence: 0, bindings: [] };

const isRefusal = (outcome: Decision | RegisterRefusal): outcome is RegisterRefusal => 'status' in outcome;

/**
 * The registrar of RFC 3261 §10.3 over a store that nodes share. What a REGISTER does is decided on the bindings of one version
 * and written only over that version; requests of one address-of-record are carried out one after the other.
 */
export class Registrar {
  /** The last task of each address-of-record that has one under way. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly options: RegistrarOptions) {}

  /** Never rejects: what can not be done is a refusal. */
  async register(request: SipRequest): Promise<Registered | RegisterRefusal> {
    const { rules, clock } = this.options;
    const command = readRegister(request);
    if ('status' in command) return command;
    if (!this.serves(command.aor)) return NOT_OURS;
    const outcome = await this.change(command.aor, 'client', (current, now) =>
      applyRegister(current, { request, command, rules, now }),
    ).catch((error: unknown) => this.notStored(command.aor, error));
    if (isRefusal(outcome)) return outcome;
    const headers = registeredHeaders(outcome.bindings, command, rules, clock.wallTime());
    return { status: 200, headers };
  }

  /** The live bindings of an address-of-record, best first. Rejects with StoreUnavailable, as the others below do. */
  async bindingsOf(aor: string): Promise<readonly Binding[]> {
    const record = await this.options.store.load(aor);
    return this.live(record?.bindings ?? []);
  }

  /** A page of those who are registered. */
  async list(options: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<{ registrations: Pick<RegistrationRecord, 'aor' | 'bindings'>[]; next?: string }> {
    const { records, next } = await this.options.store.list(options);
    const registrations = records
      .map(({ aor, bindings }) => ({ aor, bindings: this.live(bindings) }))
      .filter(({ bindings }) => bindings.length > 0);
    return next === undefined ? { registrations } : { registrations, next };
  }

  /** Takes away the binding of `contact`, or all; false when there was none. */
  async remove(aor: string, contact?: string): Promise<boolean> {
    let removed = false;
    await this.change(aor, 'operator', (current, now) => {
      const live = liveBindings(current, now);
      const gone = live.filter((binding) => contact === undefined || binding.contact === contact);
      removed = gone.length > 0;
      const changes = gone.map((binding): BindingChange => ({ kind: 'removed', binding }));
      const bindings = live.filter((binding) => !gone.includes(binding));
      return { bindings, changes: removed ? [...expiredBindings(current, now), ...changes] : [] };
    });
    return removed;
  }

  /** Ends what is over, at most `limit` addresses-of-record; answers how many there were. */
  async expire(limit: number): Promise<number> {
    const due = await this.options.store.due(this.options.clock.wallTime(), limit);
    for (const { aor } of due) {
      await this.change(aor, 'client', (current, now) => ({
        bindings: liveBindings(current, now),
        changes: expiredBindings(current, now),
      }));
    }
    return due.length;
  }

  /** Addresses-of-record that have bindings. */
  count(): Promise<number> {
    return this.options.store.count();
  }

  /** Whether an address-of-record is of a domain that is served here. */
  serves(aor: string): boolean {
    const { domains } = this.options;
    return domains.length === 0 || domains.includes(domainOf(aor));
  }

  private live(bindings: readonly Binding[]): readonly Binding[] {
    return liveBindings(bindings, this.options.clock.wallTime());
  }

  private change(aor: string, removedBy: RemovedBy, decide: Decide): Promise<Decision | RegisterRefusal> {
    const before = this.queues.get(aor) ?? Promise.resolve();
    const attempt = () => this.changeNow(aor, removedBy, decide);
    const task = before.then(attempt, attempt);
    this.queues.set(aor, task);
    const done = () => {
      if (this.queues.get(aor) === task) this.queues.delete(aor);
    };
    task.then(done, done);
    return task;
  }

  private async changeNow(
    aor: string,
    removedBy: RemovedBy,
    decide: Decide,
  ): Promise<Decision | RegisterRefusal> {
    const { store, clock, ids } = this.options;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = (await store.load(aor)) ?? EMPTY;
      const now = clock.wallTime();
      const decision = decide(record.bindings, now);
      if (isRefusal(decision) || decision.changes.length === 0) return decision;
      const { bindings, changes } = decision;
      const events = registrationEvents(changes, { aor, sequence: record.sequence, now, ids, removedBy });
      const outcome = await store.write({
        aor,
        expectedVersion: record.version,
        opId: ids.token(12),
        bindings,
        sequence: record.sequence + events.length,
        events,
        now,
      });
      if (outcome.status === 'stored') return decision;
      if (outcome.status === 'full') return FULL;
    }
    return OVERTAKEN;
  }

  private notStored(aor: string, error: unknown): RegisterRefusal {
    const { log } = this.options;
    const level = error instanceof StoreUnavailable ? 'warn' : 'error';
    log[level]('registration is not stored', { aor, error });
    return NOT_STORED;
  }
}
