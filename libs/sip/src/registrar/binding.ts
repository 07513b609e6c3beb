import type { Flow } from '../message/flow';

/**
 * How requests reach a binding: along the flow its REGISTER came on (behind NAT, or over a connection of the client's),
 * through the proxies of its Path (RFC 3327), or as its Contact says.
 */
export type BindingReach = 'flow' | 'path' | 'contact';

/** One contact address of an address-of-record, as plain JSON (RFC 3261 §10.3). Times are milliseconds since the epoch. */
export interface Binding {
  /** The URI of the Contact as registered. */
  readonly contact: string;
  /** As the client said it; without it the preference is 1. */
  readonly q?: number;
  /** Of the REGISTER that wrote it last: a later one must not be older (§10.3 step 7). */
  readonly sipCallId: string;
  readonly cseq: number;
  readonly registeredAt: number;
  readonly expiresAt: number;
  readonly reach: BindingReach;
  /** Route values in the order to be sent; empty without Path. */
  readonly path: readonly string[];
  /** Where the REGISTER came from. */
  readonly flow?: Flow;
  readonly userAgent?: string;
}

/** The bindings that have not expired. */
export const liveBindings = (bindings: readonly Binding[], now: number): readonly Binding[] =>
  bindings.filter(({ expiresAt }) => expiresAt > now);

/** Higher q first (RFC 3261 §16.6 step 2); among equals the one that registered last. */
export const byPreference = (a: Binding, b: Binding): number =>
  (b.q ?? 1) - (a.q ?? 1) || b.registeredAt - a.registeredAt;

/** Whole seconds that are left, 1 at least: 0 would say that the binding was removed. */
export const secondsLeft = ({ expiresAt }: Binding, now: number): number =>
  Math.max(1, Math.ceil((expiresAt - now) / 1000));
