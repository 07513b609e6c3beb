import type { DocumentStore } from '@legato/b2bua';
import type { Clock, IdSource } from '@legato/kernel';

const LEASES = 'leases';
const WEBHOOKS = 'webhooks';
/** A node that does not renew for so long has lost it; clocks of nodes may differ by less. */
export const LEASE_MS = 5_000;

export interface DeliveryLeaseOptions {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly nodeId: string;
}

/**
 * Which of the nodes reads the log for the webhooks. Two at once, after a pause that outlasts the lease, do no harm:
 * they queue the same deliveries under the same ids.
 */
export class DeliveryLease {
  constructor(private readonly options: DeliveryLeaseOptions) {}

  /** Takes or renews the lease; whether it is held. Rejects with StoreUnavailable. */
  async take(): Promise<boolean> {
    const { store, clock, nodeId } = this.options;
    const known = await store.read(LEASES, WEBHOOKS);
    const now = clock.wallTime();
    // An earlier life of this node is over.
    const isFree = !known || known.content['node'] === nodeId || Number(known.content['until']) <= now;
    return isFree && this.write(known?.version ?? 0, now + LEASE_MS);
  }

  async release(): Promise<void> {
    const { store, nodeId } = this.options;
    const known = await store.read(LEASES, WEBHOOKS);
    if (known?.content['node'] === nodeId) await this.write(known.version, 0);
  }

  private async write(expectedVersion: number, until: number): Promise<boolean> {
    const { store, ids, nodeId } = this.options;
    const write = { id: WEBHOOKS, expectedVersion, opId: ids.token(8), content: { node: nodeId, until } };
    return (await store.write(LEASES, write)).status === 'stored';
  }
}
