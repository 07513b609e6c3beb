import { CONTRACT_MAX_DOCUMENTS, describeDocumentStore } from '@legato/testing';
import { MemoryDocumentStore } from './memory-document-store';

describeDocumentStore('in memory', () =>
  Promise.resolve({
    store: new MemoryDocumentStore(CONTRACT_MAX_DOCUMENTS),
    close: () => Promise.resolve(),
  }),
);
