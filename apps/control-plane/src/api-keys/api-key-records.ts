import type { DocumentStore, StoredDocument } from '@legato/b2bua';
import type { CreateApiKey } from '@legato/contracts';
import type { Clock, IdSource } from '@legato/kernel';
import { currentCommand } from '@legato/kernel';
import { randomBytes } from 'node:crypto';
import type { ApiKey } from './api-key';
import { hashOf } from './api-key';

const API_KEYS = 'api-keys';
const KEY_BYTES = 32;
/** Keys of one store at most: each request is compared with all. */
const MAX_KEYS = 1_000;

/** An API key as it is stored. */
export interface StoredApiKey extends ApiKey {
  readonly createdAt: number;
}

interface Content {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly sha256: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

function apiKeyOf({ id, content }: StoredDocument): StoredApiKey {
  const { name, scopes, sha256, createdAt, expiresAt } = content as unknown as Content;
  const hash = Buffer.from(sha256, 'hex');
  return { id, name, scopes, hash, createdAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** The API keys that were made over REST, in the store that all nodes share. Methods may reject with StoreUnavailable. */
export class ApiKeyRecords {
  constructor(
    private readonly store: DocumentStore,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<StoredApiKey[]> {
    return (await this.store.list(API_KEYS)).map(apiKeyOf);
  }

  /** Makes a key; undefined when there are as many as may be. */
  async create({
    name,
    scopes,
    expires_in_s,
  }: CreateApiKey): Promise<{ apiKey: StoredApiKey; key: string } | undefined> {
    if ((await this.list()).length >= MAX_KEYS) return undefined;
    const key = `lgt_${randomBytes(KEY_BYTES).toString('base64url')}`;
    const createdAt = this.clock.wallTime();
    const expiry = expires_in_s === undefined ? {} : { expiresAt: createdAt + expires_in_s * 1000 };
    const content = { name, scopes, sha256: hashOf(key).toString('hex'), createdAt, ...expiry };
    // After a crash a command comes again: the key that nobody has seen is replaced.
    const id = `key_${currentCommand()?.id ?? this.ids.uuidv7()}`;
    const expectedVersion = currentCommand() ? ((await this.store.read(API_KEYS, id))?.version ?? 0) : 0;
    await this.store.write(API_KEYS, { id, expectedVersion, opId: this.ids.token(8), content });
    return { apiKey: apiKeyOf({ id, version: 1, content }), key };
  }

  revoke(id: string): Promise<boolean> {
    return this.store.remove(API_KEYS, id);
  }
}
