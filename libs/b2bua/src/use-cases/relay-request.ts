import type { SdpBody, SipRequest, SipResponse } from '@legato/sip';
import type { Call } from '../call/call';
import type { RelaySnapshot, Role } from '../call/call-snapshot';
import { isMediaRole, otherLeg } from '../call/call-snapshot';
import { descriptionIn } from '../media-control/session-description';
import { prackStatus, relayPrack } from './relay-prack';
import { negotiatesWith, noteHold } from './relay-reinvite';

const RELAYED = ['INFO', 'UPDATE', 'MESSAGE', 'NOTIFY'] as const;
type RelayedMethod = (typeof RELAYED)[number];
const isRelayed = (method: string): method is RelayedMethod =>
  (RELAYED as readonly string[]).includes(method);

/** Whom a request of `from` is meant for: a session description for whoever `from` negotiates with, the rest for the other party. */
function addressee(call: Call, from: Role, method: RelayedMethod): Role {
  if (isMediaRole(from)) return from === 'caller media' ? 'caller' : 'callee';
  return method === 'UPDATE' ? negotiatesWith(call, from) : otherLeg(from);
}

/** Why a request can not go on now, as a status; undefined when it can. */
function obstacle(call: Call, method: RelayedMethod, to: Role): number | undefined {
  if (!call.usage(to)) return 480;
  if (method === 'UPDATE' && call.snapshot.procedure?.name === 'move-to-media') return 491;
  if (call.snapshot.answeredAt !== undefined) return undefined;
  // Early, only the session of a direct call can change: its callee has the dialog, too (RFC 3311 §5.2).
  const isEarly = call.snapshot.mode === 'direct' && call.usage(to)?.state.dialog?.state === 'early';
  return method === 'UPDATE' && isEarly ? undefined : 500;
}

/** Passes a request within the dialog of one party on to the other. An UPDATE without an offer only keeps the session alive. */
export function relayRequest(call: Call, from: Role, request: SipRequest, transactionKey: string): void {
  const { method } = request;
  const usage = call.usage(from);
  if (method === 'PRACK') {
    relayPrack(call, from, request, transactionKey);
    return;
  }
  if (!isRelayed(method)) {
    usage?.respond(transactionKey, 501);
    return;
  }
  const offer = descriptionIn(request);
  if (method === 'UPDATE' && offer === undefined) {
    usage?.respond(transactionKey, 200);
    return;
  }
  const to = addressee(call, from, method);
  const refusal = obstacle(call, method, to);
  if (refusal !== undefined) {
    usage?.respond(transactionKey, refusal, undefined, refusal === 500 ? [['Retry-After', '2']] : []);
    return;
  }
  note(call, { kind: 'request', from, to, transactionKey, offered: method === 'UPDATE' }, offer);
  call.usage(to)?.request(method, `relay ${transactionKey}`, bodyOf(request));
}

/** What is offered counts at once, until it is refused. */
function note(call: Call, relay: RelaySnapshot, offer: string | undefined): void {
  const { relays, descriptions } = call.snapshot;
  const before = descriptions[relay.from];
  relays.push(relay.offered && before !== undefined ? { ...relay, before } : relay);
  if (relay.offered) descriptions[relay.from] = offer;
}

/** The answer to a relayed request goes back. */
export function relayAnswered(
  call: Call,
  token: string,
  status: number,
  response: SipResponse | undefined,
): void {
  const key = token.slice('relay '.length);
  const relay = call.snapshot.relays.find(
    (waiting) => waiting.kind === 'request' && waiting.transactionKey === key,
  );
  if (!relay) return;
  call.snapshot.relays = call.snapshot.relays.filter((other) => other !== relay);
  const told = relay.asUpdate ? prackStatus(status) : status;
  call.usage(relay.from)?.respond(key, told, response && bodyOf(response));
  const answer = response && descriptionIn(response);
  if (!relay.offered) return;
  const { descriptions } = call.snapshot;
  if (status >= 300 && relay.before !== undefined) descriptions[relay.from] = relay.before;
  if (answer === undefined) return;
  descriptions[relay.to] = answer;
  noteHold(call);
}

function bodyOf(message: SipRequest | SipResponse): SdpBody | undefined {
  const contentType = message.headers.get('Content-Type');
  return contentType === undefined || message.body.length === 0
    ? undefined
    : { contentType, bytes: message.body };
}
