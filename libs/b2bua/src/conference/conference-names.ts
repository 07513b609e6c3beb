import type { IdSource } from '@legato/kernel';
import type { CallStore } from '../ports/call-store';
import type { DocumentStore, StoredDocument } from '../ports/document-store';
import type { ConferenceId } from './conference-snapshot';

const COLLECTION = 'conference-names';
/** How often somebody else may be faster. */
const ATTEMPTS = 5;
/** Names that are forgotten at a time when there are too many. */
const FORGOTTEN = 500;
const OP_ID_BYTES = 8;

/** What is stored under a name: the last conference that had it. */
interface LastHolder {
  readonly conference_id: ConferenceId;
  readonly generation: number;
}

/** Whose name it is: an older conference's, a new one's, or one's that another node has. */
export type NameTaken =
  | { readonly id: ConferenceId; readonly isNew: false }
  | { readonly id: ConferenceId; readonly isNew: true; readonly generation: number }
  | 'elsewhere'
  | 'full';

export interface ConferenceNamesOptions {
  readonly documents: DocumentStore;
  /** Of the conferences. */
  readonly store: CallStore;
  readonly ids: IdSource;
  /** Whether this node has the conference and it has not begun to end; undefined when it does not have it. */
  readonly isOpen: (id: string) => boolean | undefined;
}

const holderIn = ({ content }: StoredDocument) => content as unknown as LastHolder;

/**
 * Names of conferences, which the nodes of a store share: two commands at the same moment get the same conference, and a name that
 * has been used before leads to a new one of the next generation.
 */
export class ConferenceNames {
  constructor(private readonly options: ConferenceNamesOptions) {}

  /** Rejects as the store does. */
  async take(name: string): Promise<NameTaken> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const document = await this.options.documents.read(COLLECTION, name);
      const last = document && holderIn(document);
      if (last && this.options.isOpen(last.conference_id)) return { id: last.conference_id, isNew: false };
      if (last && (await this.isElsewhere(last.conference_id))) return 'elsewhere';
      const taken = await this.give(name, document?.version ?? 0, (last?.generation ?? 0) + 1);
      if (taken) return taken;
    }
    return 'elsewhere';
  }

  /** The id of the last conference that had the name, whichever node has it. */
  async last(name: string): Promise<ConferenceId | undefined> {
    const document = await this.options.documents.read(COLLECTION, name);
    return document && holderIn(document).conference_id;
  }

  /** To a new conference; undefined when somebody else was faster, or room had to be made. */
  private async give(
    name: string,
    expectedVersion: number,
    generation: number,
  ): Promise<NameTaken | undefined> {
    const { documents, ids } = this.options;
    const id = `conf_${ids.uuidv7()}` as ConferenceId;
    const outcome = await documents.write(COLLECTION, {
      id: name,
      expectedVersion,
      opId: ids.token(OP_ID_BYTES),
      content: { conference_id: id, generation },
    });
    if (outcome.status === 'stored') return { id, isNew: true, generation };
    if (outcome.status === 'version') return undefined;
    return (await this.forgetOldest()) ? undefined : 'full';
  }

  /** A record that is live and not ours is another node's; one that is gone, nobody's. */
  private async isElsewhere(id: string): Promise<boolean> {
    if (this.options.isOpen(id) !== undefined) return false;
    const record = await this.options.store.load(id);
    return record !== undefined && !record.ended;
  }

  /** Ids tell the time of their making: the names of the oldest conferences that are over go first. */
  private async forgetOldest(): Promise<boolean> {
    const { documents, isOpen } = this.options;
    const oldest = (await documents.list(COLLECTION))
      .map((document) => ({ name: document.id, holder: holderIn(document).conference_id }))
      .sort((a, b) => (a.holder < b.holder ? -1 : 1))
      .slice(0, FORGOTTEN);
    let forgotten = false;
    for (const { name, holder } of oldest) {
      if (isOpen(holder) !== undefined || (await this.isElsewhere(holder))) continue;
      forgotten = (await documents.remove(COLLECTION, name)) || forgotten;
    }
    return forgotten;
  }
}
