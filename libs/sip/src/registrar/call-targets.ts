import type { Flow } from '../message/flow';
import { comparableHost } from '../message/ipv6-address';
import { SipUri } from '../message/sip-uri';
import type { Binding } from './binding';
import { byPreference, liveBindings } from './binding';

/** Where a request for a registered user goes. */
export interface BindingTarget {
  /** Request-URI. */
  readonly uri: string;
  /** Where to send it, whatever the URI says. */
  readonly flow?: Flow;
  /** Route values to be preloaded (RFC 3327 §5.4). */
  readonly path?: readonly string[];
  /** It is rung at the same time as the one before it, which the user likes as much (RFC 3261 §16.6). */
  readonly together?: true;
  /** Only for when the one before it could not be reached: it is the same client. */
  readonly isBackup?: true;
}

/**
 * A Request-URI has no header part and no method (RFC 3261 §19.1.1): a Contact that carries them must not make us write the client's
 * headers into our requests.
 */
function requestUriOf(contact: string): string | undefined {
  const uri = SipUri.parse(contact);
  if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'sips')) return undefined;
  uri.params.delete('method');
  const text = uri.toString();
  const question = text.indexOf('?');
  return question < 0 ? text : text.slice(0, question);
}

function targetOf(binding: Binding): BindingTarget[] {
  const { contact, reach, flow, path } = binding;
  const uri = requestUriOf(contact);
  if (uri === undefined) return [];
  if (reach === 'path') return [{ uri, path }];
  if (reach !== 'flow' || !flow) return [{ uri }];
  return mayConnectTo(contact, flow)
    ? [
        { uri, flow },
        { uri, isBackup: true },
      ]
    : [{ uri, flow }];
}

/** A connection may be gone, as after a restart: a client that its Contact leads to can be connected to anew. */
function mayConnectTo(contact: string, { protocol, remote }: Flow): boolean {
  if (protocol !== 'TCP' && protocol !== 'TLS') return false;
  return comparableHost(SipUri.parse(contact)?.host ?? '') === comparableHost(remote.host);
}

/** The live bindings that can be called, in the order to be tried: higher q first, those of equal q together (RFC 3261 §16.6). */
export function callTargets(bindings: readonly Binding[], now: number): BindingTarget[] {
  let before: number | undefined;
  return [...liveBindings(bindings, now)].sort(byPreference).flatMap((binding) => {
    const [first, ...backups] = targetOf(binding);
    if (!first) return [];
    const { q = 1 } = binding;
    const together = before === q;
    before = q;
    return [together ? { ...first, together } : first, ...backups];
  });
}
