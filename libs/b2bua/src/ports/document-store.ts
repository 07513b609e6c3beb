/** A document of the configuration, such as a webhook: read and written as a whole. */
export interface StoredDocument {
  readonly id: string;
  /** Grows by one with each write, from 1. */
  readonly version: number;
  readonly content: Readonly<Record<string, unknown>>;
}

export type DocumentWriteOutcome =
  | { readonly status: 'stored'; readonly version: number }
  /** Somebody was faster; 0 when there is no such document. */
  | { readonly status: 'version'; readonly actual: number }
  /** The collection holds as many documents as it may. */
  | { readonly status: 'full' };

export interface DocumentWrite {
  readonly id: string;
  /** 0 creates. */
  readonly expectedVersion: number;
  /** Unique per write: one whose answer was lost is recognised by it when it is sent again. */
  readonly opId: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Documents in one collection at most. */
export const MAX_DOCUMENTS = 10_000;

/**
 * Small documents that the nodes of a store share, in named collections. Every method may reject with StoreUnavailable.
 */
export interface DocumentStore {
  read(collection: string, id: string): Promise<StoredDocument | undefined>;
  /** Compare-and-set. */
  write(collection: string, write: DocumentWrite): Promise<DocumentWriteOutcome>;
  /** Whether there was one. */
  remove(collection: string, id: string): Promise<boolean>;
  /** All of a collection, in the order of their ids; what is listed now and then is kept. */
  list(collection: string): Promise<StoredDocument[]>;
}
