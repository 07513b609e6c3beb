import type { Binding } from '@legato/sip';
import type { CallEvent } from './call-store';

/** All there is of an address-of-record, as plain JSON. */
export interface RegistrationRecord {
  /** Canonical: `sip:user@host`. */
  readonly aor: string;
  /** Grows by one with each write. */
  readonly version: number;
  /** Sequence number of its last event. */
  readonly sequence: number;
  /** Those that have expired may be among them until somebody writes. */
  readonly bindings: readonly Binding[];
}

/** One atomic change of an address-of-record, with the events that tell of it (RFC 3261 §10.3: wholly or not at all). */
export interface RegistrationWrite {
  readonly aor: string;
  /** 0 creates. What was compared with the bindings holds only for this version. */
  readonly expectedVersion: number;
  /** Unique per write: a commit whose answer was lost is recognised by it when it is sent again. */
  readonly opId: string;
  /** None: the record stays for a while, so that its sequence goes on. */
  readonly bindings: readonly Binding[];
  readonly sequence: number;
  readonly events: readonly CallEvent[];
  /** Wall time in milliseconds. */
  readonly now: number;
}

export type RegistrationWriteOutcome =
  | { readonly status: 'stored'; readonly version: number }
  /** Somebody else was faster: read again and decide again. */
  | { readonly status: 'version'; readonly actual: number }
  /** As many addresses-of-record have bindings as may have. */
  | { readonly status: 'full' };

/** Where bindings live so that they outlive their process (the location service of RFC 3261 §10.1). */
export interface RegistrationStore {
  /** Rejects with StoreUnavailable when the store can not be reached within its deadline, as the other methods do. */
  load(aor: string): Promise<RegistrationRecord | undefined>;
  /** Compare-and-set by version. */
  write(write: RegistrationWrite): Promise<RegistrationWriteOutcome>;
  /** Pages through the addresses-of-record that have bindings, in the order of their text; `after` ended the last page. */
  list(options: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<{ records: RegistrationRecord[]; next?: string }>;
  /** Records of which a binding has expired by `now`, at most `limit`, the longest due first. */
  due(now: number, limit: number): Promise<RegistrationRecord[]>;
  /** Addresses-of-record that have bindings, for /metrics. */
  count(): Promise<number>;
}

/** How long a record is kept after its last binding, in milliseconds: so long its expiry can be noticed and its sequence goes on. */
export const REGISTRATION_GRACE_MS = 600_000;
/** Addresses-of-record with bindings, unless configured otherwise. */
export const DEFAULT_MAX_REGISTRATIONS = 100_000;

/** When the first of some bindings expires; undefined without any. */
export const firstExpiry = (bindings: readonly Binding[]): number | undefined =>
  bindings.length === 0 ? undefined : Math.min(...bindings.map(({ expiresAt }) => expiresAt));

/** How long a record has to be kept, in milliseconds. */
export const keptForMs = (bindings: readonly Binding[], now: number): number =>
  Math.max(0, ...bindings.map(({ expiresAt }) => expiresAt - now)) + REGISTRATION_GRACE_MS;
