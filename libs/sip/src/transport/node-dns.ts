import type { Clock } from '@legato/kernel';
import { Resolver, lookup } from 'node:dns/promises';
import type { Dns, NaptrRecord, SrvRecord } from './resolver';

const QUERY = { timeout: 1_000, tries: 2 };

/** The system's DNS. Addresses come by the system's lookup, so that its hosts file counts. */
export function nodeDns(): Dns {
  const resolver = new Resolver(QUERY);
  return {
    naptr: async (name): Promise<readonly NaptrRecord[]> => resolver.resolveNaptr(name),
    srv: async (name): Promise<readonly SrvRecord[]> => resolver.resolveSrv(name),
    addresses: async (name) => (await lookup(name, { all: true })).map((each) => each.address),
  };
}

interface CacheEntry {
  readonly until: number;
  readonly answer: Promise<readonly unknown[]>;
}

const MAX_ENTRIES = 1_000;

/** Remembers answers, also those that are still on their way: a name is asked for once, however many calls go there. */
export class CachedDns implements Dns {
  private readonly entries = new Map<string, CacheEntry>();

  /** `keepMs` for answers, a tenth of it for names that have none or failed. */
  constructor(
    private readonly dns: Dns,
    private readonly clock: Clock,
    private readonly keepMs = 30_000,
  ) {}

  naptr(name: string): Promise<readonly NaptrRecord[]> {
    return this.ask(`naptr ${name}`, () => this.dns.naptr(name));
  }

  srv(name: string): Promise<readonly SrvRecord[]> {
    return this.ask(`srv ${name}`, () => this.dns.srv(name));
  }

  addresses(name: string): Promise<readonly string[]> {
    return this.ask(`addresses ${name}`, () => this.dns.addresses(name));
  }

  private ask<T>(key: string, question: () => Promise<readonly T[]>): Promise<readonly T[]> {
    const known = this.entries.get(key);
    if (known && known.until > this.clock.now()) return known.answer as Promise<readonly T[]>;
    const answer = question().catch((): readonly T[] => []);
    this.remember(key, { answer, until: this.clock.now() + this.keepMs });
    void answer.then((records) => {
      if (records.length === 0) this.remember(key, { answer, until: this.clock.now() + this.keepMs / 10 });
    });
    return answer;
  }

  private remember(key: string, entry: CacheEntry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    const oldest = this.entries.keys().next();
    if (this.entries.size > MAX_ENTRIES && !oldest.done) this.entries.delete(oldest.value);
  }
}
