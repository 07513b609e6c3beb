import type { DocumentStore } from '@legato/b2bua';
import type { Clock, IdSource, Log, Timer } from '@legato/kernel';

const COLLECTION = 'node-addresses';
/** The store may have lost it: it is looked at so often. */
const AGAIN_MS = 60_000;
const OP_ID_BYTES = 8;

export interface NodeAddressesOptions {
  readonly documents: DocumentStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeId: string;
}

/** Where the nodes of a store serve REST to each other. */
export class NodeAddresses {
  private timer: Timer | undefined;

  constructor(private readonly options: NodeAddressesOptions) {}

  /** Tells the other nodes the address of this one, for as long as it runs. */
  async announce(url: string): Promise<void> {
    const { clock, log } = this.options;
    await this.keep(url).catch((error: unknown) =>
      log.warn('the address of this node is not stored', { error: String(error) }),
    );
    this.timer = clock.schedule(AGAIN_MS, () => void this.announce(url));
  }

  stop(): void {
    this.timer?.cancel();
  }

  async find(nodeId: string): Promise<string | undefined> {
    const document = await this.options.documents.read(COLLECTION, nodeId);
    const url = document?.content['url'];
    return typeof url === 'string' && URL.canParse(url) ? url : undefined;
  }

  private async keep(url: string): Promise<void> {
    const { documents, ids, nodeId } = this.options;
    const known = await documents.read(COLLECTION, nodeId);
    if (known?.content['url'] === url) return;
    await documents.write(COLLECTION, {
      id: nodeId,
      expectedVersion: known?.version ?? 0,
      opId: ids.token(OP_ID_BYTES),
      content: { url },
    });
  }
}
