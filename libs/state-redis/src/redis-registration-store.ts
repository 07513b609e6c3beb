import type {
  RegistrationRecord,
  RegistrationStore,
  RegistrationWrite,
  RegistrationWriteOutcome,
} from '@legato/b2bua';
import { firstExpiry, keptForMs } from '@legato/b2bua';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';

export interface RedisRegistrationStoreOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  /** Addresses-of-record with bindings at most. */
  readonly maxRegistrations: number;
  /** Events kept at most, roughly. */
  readonly maxEvents: number;
  readonly eventsTtlMs: number;
}

type Row = [aor: string, version: number, sequence: number, bindings: string];
type Written = ['stored' | 'version', number] | ['full'];

const recordOf = ([aor, version, sequence, bindings]: Row): RegistrationRecord => ({
  aor,
  version,
  sequence,
  bindings: JSON.parse(bindings) as RegistrationRecord['bindings'],
});

/**
 * Bindings in Redis: one hash for each address-of-record, which lives a little longer than its last binding. What a REGISTER was
 * compared with is the version that it replaces, checked and written in one function, so that no other node comes between.
 */
export class RedisRegistrationStore implements RegistrationStore {
  constructor(private readonly options: RedisRegistrationStoreOptions) {}

  async load(aor: string): Promise<RegistrationRecord | undefined> {
    const { link, keys } = this.options;
    const row = await link.send('HMGET', (redis) => redis.hmget(keys.registration(aor), 'v', 'n', 's'));
    const [version, sequence, bindings] = row as (string | null)[];
    if (typeof version !== 'string' || typeof bindings !== 'string') return undefined;
    return recordOf([aor, Number(version), Number(sequence), bindings]);
  }

  async write(write: RegistrationWrite): Promise<RegistrationWriteOutcome> {
    const { link, keys, maxRegistrations, maxEvents, eventsTtlMs } = this.options;
    const { aor, expectedVersion, opId, bindings, sequence, events, now } = write;
    const dueAt = firstExpiry(bindings) ?? 0;
    const answer = (await link.call(
      'registrationWrite',
      [keys.registration(aor), keys.registrations, keys.registrationsDue, keys.events],
      [
        ...[aor, expectedVersion, opId, JSON.stringify(bindings), sequence, bindings.length, dueAt],
        ...[keptForMs(bindings, now), maxRegistrations, maxEvents, eventsTtlMs],
        ...events.map((event) => JSON.stringify(event)),
      ],
    )) as Written;
    if (answer[0] === 'full') return { status: 'full' };
    return answer[0] === 'stored'
      ? { status: 'stored', version: answer[1] }
      : { status: 'version', actual: answer[1] };
  }

  async list(options: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<{ records: RegistrationRecord[]; next?: string }> {
    const { link, keys } = this.options;
    const limit = Math.max(1, Math.floor(options.limit));
    const args = [options.after ?? '', limit, keys.registrationPrefix];
    const [more, ...rows] = (await link.call('registrationList', [keys.registrations], args)) as [
      number,
      ...Row[],
    ];
    const records = rows.map(recordOf);
    const last = records.at(-1);
    return more === 1 && last ? { records, next: last.aor } : { records };
  }

  async due(now: number, limit: number): Promise<RegistrationRecord[]> {
    const { link, keys } = this.options;
    const args = [now, limit, keys.registrationPrefix];
    const rows = await link.call('registrationDue', [keys.registrations, keys.registrationsDue], args);
    return (rows as Row[]).map(recordOf);
  }

  async count(): Promise<number> {
    const { link, keys } = this.options;
    return (await link.send('ZCARD', (redis) => redis.zcard(keys.registrations))) as number;
  }
}
