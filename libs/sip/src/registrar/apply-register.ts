import type { NameAddr } from '../message/name-addr';
import type { SipRequest } from '../message/sip-request';
import { decodeQValue } from '../message/header/q-value';
import { SipUri } from '../message/sip-uri';
import type { Binding } from './binding';
import { byPreference, liveBindings } from './binding';
import { bindingReach } from './binding-reach';
import type { RegisterCommand } from './read-register';
import type { RegisterRefusal } from './register-refusal';
import { refuseRegister } from './register-refusal';
import type { RegistrarRules } from './registrar-rules';
import { grantedSeconds, isTooBrief, requestedSeconds } from './requested-interval';

/** What became of one binding. */
export interface BindingChange {
  readonly kind: 'added' | 'refreshed' | 'removed' | 'expired';
  readonly binding: Binding;
}

/** All bindings as they are after a REGISTER, best first, and how they differ from before. */
export interface RegisterOutcome {
  readonly bindings: readonly Binding[];
  readonly changes: readonly BindingChange[];
}

/** A REGISTER that was read, and the moment it is carried out. */
export interface RegisterInput {
  readonly request: SipRequest;
  readonly command: RegisterCommand;
  readonly rules: RegistrarRules;
  /** Wall time in milliseconds. */
  readonly now: number;
}

const OUT_OF_ORDER = refuseRegister(500, 'REGISTER out of order');

/** Whether the two URIs name one binding (RFC 3261 §19.1.4). */
const isBindingOf = (binding: Binding, uri: SipUri): boolean =>
  SipUri.parse(binding.contact)?.equals(uri) ?? false;

/** A request of the same client that is not newer than what the binding was written by (§10.3 step 7). */
const isOutOfOrder = ({ sipCallId, cseq }: Binding, request: SipRequest): boolean =>
  sipCallId === request.callId && request.cseq.number <= cseq;

function newBinding(contact: NameAddr, uri: SipUri, expiresS: number, input: RegisterInput): Binding {
  const { request, command, now } = input;
  const q = decodeQValue(contact.params.get('q'));
  const userAgent = request.headers.get('User-Agent')?.slice(0, 128);
  return {
    contact: contact.uri,
    ...(q === undefined ? {} : { q }),
    sipCallId: request.callId,
    cseq: request.cseq.number,
    registeredAt: now,
    expiresAt: now + expiresS * 1000,
    reach: bindingReach(request, uri, command.path),
    path: command.path,
    ...(request.flow ? { flow: request.flow } : {}),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

/** Bindings while a REGISTER is worked through. */
interface Draft {
  bindings: readonly Binding[];
  changes: BindingChange[];
}

/** A Contact that stands twice in one REGISTER counts as its last value. */
function forget(draft: Draft, uri: SipUri): void {
  draft.bindings = draft.bindings.filter((binding) => !isBindingOf(binding, uri));
  draft.changes = draft.changes.filter(
    ({ kind, binding }) => kind === 'expired' || !isBindingOf(binding, uri),
  );
}

function updateOne(
  draft: Draft,
  contact: NameAddr,
  before: readonly Binding[],
  input: RegisterInput,
): RegisterRefusal | undefined {
  const uri = contact.sipUri;
  if (!uri) return refuseRegister(400, 'Malformed Contact');
  const existing = before.find((binding) => isBindingOf(binding, uri));
  if (existing && isOutOfOrder(existing, input.request)) return OUT_OF_ORDER;
  const wishS = requestedSeconds(contact, input.command.expiresS, input.rules);
  if (isTooBrief(wishS, input.rules))
    return refuseRegister(423, 'Interval Too Brief', [['Min-Expires', String(input.rules.minExpiresS)]]);
  forget(draft, uri);
  if (wishS === 0) {
    if (existing) draft.changes.push({ kind: 'removed', binding: existing });
    return undefined;
  }
  const binding = newBinding(contact, uri, grantedSeconds(wishS, input.rules), input);
  draft.bindings = [...draft.bindings, binding];
  draft.changes.push({ kind: existing ? 'refreshed' : 'added', binding });
  return undefined;
}

function removeAll(draft: Draft, { request }: RegisterInput): RegisterRefusal | undefined {
  if (draft.bindings.some((binding) => isOutOfOrder(binding, request))) return OUT_OF_ORDER;
  for (const binding of draft.bindings) draft.changes.push({ kind: 'removed', binding });
  draft.bindings = [];
  return undefined;
}

function updateAll(draft: Draft, input: RegisterInput): RegisterRefusal | undefined {
  const before = draft.bindings;
  for (const contact of input.command.contacts) {
    const refusal = updateOne(draft, contact, before, input);
    if (refusal) return refusal;
  }
  const grows = draft.bindings.length > before.length;
  return grows && draft.bindings.length > input.rules.maxBindings
    ? refuseRegister(403, 'Too Many Bindings')
    : undefined;
}

const steps: Readonly<
  Record<RegisterCommand['kind'], (draft: Draft, input: RegisterInput) => RegisterRefusal | undefined>
> = { fetch: () => undefined, 'remove all': removeAll, update: updateAll };

/** The bindings that are over, as changes: they go with whatever is written next. */
export const expiredBindings = (bindings: readonly Binding[], now: number): BindingChange[] =>
  bindings.filter(({ expiresAt }) => expiresAt <= now).map((binding) => ({ kind: 'expired', binding }));

/**
 * Carries out a REGISTER on the bindings of its address-of-record, wholly or not at all (RFC 3261 §10.3 steps 6 and 7): 403, 423
 * or 500 changes nothing.
 */
export function applyRegister(
  current: readonly Binding[],
  input: RegisterInput,
): RegisterOutcome | RegisterRefusal {
  const draft: Draft = {
    bindings: liveBindings(current, input.now),
    changes: expiredBindings(current, input.now),
  };
  const refusal = steps[input.command.kind](draft, input);
  return refusal ?? { bindings: [...draft.bindings].sort(byPreference), changes: draft.changes };
}
