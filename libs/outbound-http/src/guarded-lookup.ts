import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { AddressPolicy } from './address-policy';

/** Every address of a name; tests pass their own. */
export type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export const resolveBySystem: Resolve = (host, answer) =>
  systemLookup(host, { all: true, verbatim: true }, answer);

/** A name resolved to nothing that may be connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'EADDRREFUSED';
}

/**
 * The lookup of a connection: what it answers is what is connected to, so a name that resolves to something else in the
 * next moment (DNS rebinding) gains nothing.
 */
export function guardedLookup(policy: AddressPolicy, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => policy.allows(host, address));
      const [first] = allowed;
      if (!first) return callback(new AddressRefused('the host has no public address'), '', 0);
      if (options.all) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };
}
