import type { CreateApiKey } from '@legato/contracts';
import { ADMIN_SCOPE } from '@legato/contracts';
import type { Clock } from '@legato/kernel';
import type { ApiKey, Caller } from './api-key';
import { hashOf, matching } from './api-key';
import type { ApiKeyRecords, StoredApiKey } from './api-key-records';

/** How long a key that was revoked on another node still opens here. */
const REFRESH_MS = 1_000;

/** Whoever comes when no keys are configured; the loopback address is what protects then. */
const ANYBODY: Caller = { id: 'anybody', scopes: [ADMIN_SCOPE] };

/** The keys that open the REST interface: those of the configuration, and those that were made over REST. */
export class ApiKeys {
  private stored: readonly StoredApiKey[] | undefined;
  private freshUntil = -Infinity;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly configured: readonly ApiKey[],
    private readonly records: ApiKeyRecords,
    private readonly clock: Clock,
  ) {}

  /** No keys are configured: everybody may come in, who can reach us. */
  get isOpen(): boolean {
    return this.configured.length === 0;
  }

  /** Who presents `key`, if that is anybody. Rejects with StoreUnavailable when only the store could tell. */
  async callerOf(key: string | undefined): Promise<Caller | undefined> {
    const found = key === undefined ? undefined : await this.find(hashOf(key));
    return found ?? (this.isOpen ? ANYBODY : undefined);
  }

  list(): Promise<StoredApiKey[]> {
    return this.records.list();
  }

  async create(wanted: CreateApiKey): Promise<{ apiKey: StoredApiKey; key: string } | undefined> {
    const created = await this.records.create(wanted);
    this.freshUntil = -Infinity;
    return created;
  }

  async revoke(id: string): Promise<boolean> {
    const revoked = await this.records.revoke(id);
    this.freshUntil = -Infinity;
    return revoked;
  }

  private async find(hash: Buffer): Promise<ApiKey | undefined> {
    const configured = matching(this.configured, hash);
    if (configured) return configured;
    if (this.clock.now() >= this.freshUntil) await this.refresh();
    const stored = matching(this.stored ?? [], hash);
    return stored && (stored.expiresAt ?? Infinity) > this.clock.wallTime() ? stored : undefined;
  }

  /** One question at a time, whoever asks; while the store is away what is known holds. */
  private refresh(): Promise<void> {
    this.refreshing ??= this.records
      .list()
      .then(
        (stored) => {
          this.stored = stored;
          this.freshUntil = this.clock.now() + REFRESH_MS;
        },
        (error: unknown) => {
          if (this.stored === undefined) throw error;
        },
      )
      .finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }
}
