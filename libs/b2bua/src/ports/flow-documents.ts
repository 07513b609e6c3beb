import type { FlowDocument } from '@legato/flows';

/** Where flows come from. May reject with StoreUnavailable. */
export interface FlowDocuments {
  /** The document of a version, of the active one without; undefined when there is none. A version never changes. */
  document(id: string, version?: number): Promise<{ version: number; document: FlowDocument } | undefined>;
}
