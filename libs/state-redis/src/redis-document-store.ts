import type { DocumentStore, DocumentWrite, DocumentWriteOutcome, StoredDocument } from '@legato/b2bua';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';

export interface RedisDocumentStoreOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  /** Documents in one collection at most. */
  readonly maxDocuments: number;
  /** How long a collection is kept that nobody writes or lists any more. */
  readonly documentsTtlMs: number;
}

type Written = ['stored' | 'version', number] | ['full'];

const VALUE = /^(\d+) \S+ ([\s\S]*)$/;

function documentOf(id: string, value: string): StoredDocument | undefined {
  const [, version, content] = VALUE.exec(value) ?? [];
  if (version === undefined || content === undefined) return undefined;
  return { id, version: Number(version), content: JSON.parse(content) as StoredDocument['content'] };
}

/** Documents in Redis: one hash for each collection. */
export class RedisDocumentStore implements DocumentStore {
  constructor(private readonly options: RedisDocumentStoreOptions) {}

  async read(collection: string, id: string): Promise<StoredDocument | undefined> {
    const { link, keys } = this.options;
    const value = await link.send('HGET', (redis) => redis.hget(keys.documents(collection), id));
    return typeof value === 'string' ? documentOf(id, value) : undefined;
  }

  async write(collection: string, write: DocumentWrite): Promise<DocumentWriteOutcome> {
    const { link, keys, maxDocuments, documentsTtlMs } = this.options;
    const { id, expectedVersion, opId, content } = write;
    const args = [id, expectedVersion, opId, JSON.stringify(content), maxDocuments, documentsTtlMs];
    const answer = (await link.call('documentWrite', [keys.documents(collection)], args)) as Written;
    if (answer[0] === 'full') return { status: 'full' };
    return answer[0] === 'stored'
      ? { status: 'stored', version: answer[1] }
      : { status: 'version', actual: answer[1] };
  }

  /** After a connection that broke in between it may say false for one that it has removed. */
  async remove(collection: string, id: string): Promise<boolean> {
    const { link, keys } = this.options;
    return (await link.send('HDEL', (redis) => redis.hdel(keys.documents(collection), id))) === 1;
  }

  async list(collection: string): Promise<StoredDocument[]> {
    const { link, keys, documentsTtlMs } = this.options;
    const key = keys.documents(collection);
    const entries = (await link.send('HGETALL', (redis) => redis.hgetall(key))) as Record<string, string>;
    await link.send('PEXPIRE', (redis) => redis.pexpire(key, documentsTtlMs));
    return Object.entries(entries)
      .map(([id, value]) => documentOf(id, value))
      .filter((document) => document !== undefined)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
