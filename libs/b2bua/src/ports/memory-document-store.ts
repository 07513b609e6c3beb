import type { DocumentStore, DocumentWrite, DocumentWriteOutcome, StoredDocument } from './document-store';
import { MAX_DOCUMENTS } from './document-store';

interface Entry extends StoredDocument {
  readonly opId: string;
}

/** The documents of a node that runs alone: they end with the process. */
export class MemoryDocumentStore implements DocumentStore {
  private readonly collections = new Map<string, Map<string, Entry>>();

  constructor(private readonly maxDocuments: number = MAX_DOCUMENTS) {}

  read(collection: string, id: string): Promise<StoredDocument | undefined> {
    const entry = this.collections.get(collection)?.get(id);
    return Promise.resolve(entry && shown(entry));
  }

  write(collection: string, write: DocumentWrite): Promise<DocumentWriteOutcome> {
    const entries = this.collections.get(collection) ?? new Map<string, Entry>();
    this.collections.set(collection, entries);
    const known = entries.get(write.id);
    const version = known?.version ?? 0;
    if (known?.opId === write.opId) return Promise.resolve({ status: 'stored', version });
    if (version !== write.expectedVersion) return Promise.resolve({ status: 'version', actual: version });
    if (!known && entries.size >= this.maxDocuments) return Promise.resolve({ status: 'full' });
    const { id, opId, content } = write;
    entries.set(id, { id, opId, version: version + 1, content: structuredClone(content) });
    return Promise.resolve({ status: 'stored', version: version + 1 });
  }

  remove(collection: string, id: string): Promise<boolean> {
    return Promise.resolve(this.collections.get(collection)?.delete(id) ?? false);
  }

  list(collection: string): Promise<StoredDocument[]> {
    const entries = [...(this.collections.get(collection)?.values() ?? [])];
    return Promise.resolve(entries.map(shown).sort((a, b) => (a.id < b.id ? -1 : 1)));
  }
}

const shown = ({ id, version, content }: Entry): StoredDocument => ({
  id,
  version,
  content: structuredClone(content),
});
