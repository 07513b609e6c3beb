import type { DocumentStore, StoredDocument } from '@legato/b2bua';
import type { Flow, FlowSummary } from '@legato/contracts';
import type { FlowDocument, FlowError } from '@legato/flows';
import type { Clock, IdSource } from '@legato/kernel';
import { isDeepStrictEqual } from 'node:util';
import type { JudgeUrl } from './refused-urls';
import { refusedUrls } from './refused-urls';

const FLOWS = 'flows';
const DOCUMENTS = 'flow_documents';
/** Versions of a flow that are kept, beside the active one. */
const KEPT_VERSIONS = 20;
/** How often a write is tried when others write the same flow. */
const ATTEMPTS = 5;

/** What is stored of a flow: where the document of each version is. */
interface FlowRecord {
  readonly name: string;
  readonly active: number | null;
  /** Oldest first; `document` is an id of the other collection. */
  readonly versions: readonly { readonly version: number; readonly document: string }[];
  readonly created_at: string;
  readonly updated_at: string;
}

export interface FlowLibraryOptions {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly judgeUrl: JudgeUrl;
}

/** Why a flow could not be written. */
export type FlowRefusal = 'not_found' | 'version' | 'full';

interface Found {
  readonly record: FlowRecord;
  readonly stored: StoredDocument;
}

type Change = (record: FlowRecord) => FlowRecord | FlowRefusal;

/** The flows of this deployment, in versions: a document that was stored once stays as it is. */
export class FlowLibrary {
  constructor(private readonly options: FlowLibraryOptions) {}

  /** The document of a version, of the active one without; undefined when there is none. */
  async document(
    id: string,
    version?: number,
  ): Promise<{ version: number; document: FlowDocument } | undefined> {
    const found = await this.find(id);
    const wanted = version ?? found?.record.active ?? undefined;
    if (!found || wanted === undefined) return undefined;
    const document = await this.load(found.record, wanted);
    return document && { version: wanted, document };
  }

  /** What is wrong with the URL of an application, if anything. */
  judgeUrl(url: string): string | undefined {
    return this.options.judgeUrl(url);
  }

  /** What is wrong with a document beside its form. */
  refusals(document: FlowDocument): FlowError[] {
    return refusedUrls(document, this.options.judgeUrl);
  }

  /** Whether new calls can have it. */
  async isActive(id: string): Promise<boolean> {
    return typeof (await this.find(id))?.record.active === 'number';
  }

  async read(id: string, version?: number): Promise<Flow | undefined> {
    const found = await this.find(id);
    if (!found) return undefined;
    const latest = latestOf(found.record);
    const document = await this.load(found.record, version ?? latest);
    return document && viewOf(id, found.record, { ...document, version: version ?? latest });
  }

  /** All flows, in the order of their ids. */
  async list(): Promise<FlowSummary[]> {
    const all = await this.options.documents.list(FLOWS);
    return all.map(({ id, content }) => summaryOf(id, content as unknown as FlowRecord));
  }

  /** Stores a document as the next version; one that is the latest already changes nothing. */
  async put(id: string, { version, ...document }: FlowDocument): Promise<{ isNew: boolean } | FlowRefusal> {
    const found = await this.find(id);
    const latest = found && latestOf(found.record);
    const next = (latest ?? 0) + 1;
    if (found && isSame(await this.load(found.record, next - 1), document)) return { isNew: false };
    if (version !== undefined && version !== next) return 'version';
    const { documents, ids } = this.options;
    const key = `${id}.${ids.uuidv7()}`;
    const kept = await documents.write(DOCUMENTS, {
      id: key,
      expectedVersion: 0,
      opId: ids.token(8),
      content: document,
    });
    if (kept.status !== 'stored') return 'full';
    const refusal = await this.add(id, found, { document: key, version: next, name: document.name });
    if (refusal !== undefined) await documents.remove(DOCUMENTS, key);
    return refusal ?? { isNew: found === undefined };
  }

  /** Gives new calls a version, the latest without one. */
  activate(id: string, version?: number): Promise<FlowRefusal | undefined> {
    return this.change(id, (record) => {
      const wanted = version ?? latestOf(record);
      if (!record.versions.some((one) => one.version === wanted)) return 'version';
      return { ...record, active: wanted, updated_at: this.now() };
    });
  }

  /** Whether there was one. */
  async remove(id: string): Promise<boolean> {
    const { documents } = this.options;
    const found = await this.find(id);
    if (!found || !(await documents.remove(FLOWS, id))) return false;
    for (const { document } of found.record.versions) await documents.remove(DOCUMENTS, document);
    return true;
  }

  private async add(
    id: string,
    found: Found | undefined,
    { document, version, name }: { document: string; version: number; name: string },
  ): Promise<FlowRefusal | undefined> {
    const now = this.now();
    const before = found?.record ?? { active: null, versions: [], created_at: now };
    const [dropped, versions] = drop([...before.versions, { version, document }], before.active);
    const record: FlowRecord = { ...before, name, versions, updated_at: now };
    const outcome = await this.write(id, found?.stored.version ?? 0, record);
    if (outcome !== undefined) return outcome;
    if (dropped) await this.options.documents.remove(DOCUMENTS, dropped.document);
    return undefined;
  }

  private async change(id: string, change: Change): Promise<FlowRefusal | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const found = await this.find(id);
      if (!found) return 'not_found';
      const changed = change(found.record);
      if (typeof changed === 'string') return changed;
      const outcome = await this.write(id, found.stored.version, changed);
      if (outcome !== 'version') return outcome;
    }
    return 'version';
  }

  private async write(
    id: string,
    expectedVersion: number,
    record: FlowRecord,
  ): Promise<FlowRefusal | undefined> {
    const content = { ...record };
    const opId = this.options.ids.token(8);
    const outcome = await this.options.documents.write(FLOWS, { id, expectedVersion, opId, content });
    return outcome.status === 'stored' ? undefined : outcome.status;
  }

  private async find(id: string): Promise<Found | undefined> {
    const stored = await this.options.documents.read(FLOWS, id);
    return stored && { record: stored.content as unknown as FlowRecord, stored };
  }

  private async load({ versions }: FlowRecord, version: number): Promise<FlowDocument | undefined> {
    const key = versions.find((one) => one.version === version)?.document;
    const stored = key === undefined ? undefined : await this.options.documents.read(DOCUMENTS, key);
    return stored?.content as FlowDocument | undefined;
  }

  private now(): string {
    return new Date(this.options.clock.wallTime()).toISOString();
  }
}

/** Whether two documents say the same, whatever the order of their members. */
const isSame = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one ?? null)), JSON.parse(JSON.stringify(other)));

const latestOf = ({ versions }: FlowRecord): number => versions.at(-1)?.version ?? 0;

type Versions = FlowRecord['versions'];

/** Takes the oldest version out that no new call gets, when there are too many. */
function drop(versions: Versions, active: number | null): [Versions[number] | undefined, Versions] {
  if (versions.length <= KEPT_VERSIONS) return [undefined, versions];
  const oldest = versions.find(({ version }) => version !== active);
  return [oldest, versions.filter((one) => one !== oldest)];
}

function summaryOf(id: string, record: FlowRecord): FlowSummary {
  const { name, active, created_at, updated_at } = record;
  return {
    id,
    name,
    state: active === null ? 'draft' : 'active',
    version: latestOf(record),
    active_version: active,
    created_at,
    updated_at,
  };
}

const viewOf = (id: string, record: FlowRecord, document: FlowDocument): Flow => ({
  ...summaryOf(id, record),
  versions: record.versions.map(({ version }) => version),
  document,
});
