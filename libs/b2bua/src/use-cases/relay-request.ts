import type { SipRequest, SipResponse } from '@legato/sip';
import type { Call } from '../call/call';
import type { Role } from '../call/call-snapshot';
import { isMediaRole, otherLeg } from '../call/call-snapshot';

const RELAYED = ['INFO', 'UPDATE', 'MESSAGE', 'NOTIFY'] as const;
type RelayedMethod = (typeof RELAYED)[number];
const isRelayed = (method: string): method is RelayedMethod =>
  (RELAYED as readonly string[]).includes(method);

/** Passes a request within the dialog of one party on to the other. */
export function relayRequest(call: Call, from: Role, request: SipRequest, transactionKey: string): void {
  const to: Role = isMediaRole(from) ? (from === 'caller media' ? 'caller' : 'callee') : otherLeg(from);
  const peer = call.usage(to);
  if (!peer || !isRelayed(request.method) || call.snapshot.answeredAt === undefined) {
    call.usage(from)?.respond(transactionKey, isRelayed(request.method) ? 480 : 501);
    return;
  }
  call.snapshot.relays.push({ kind: 'request', from, to, transactionKey, offered: false });
  const contentType = request.headers.get('Content-Type');
  const body =
    contentType === undefined || request.body.length === 0 ? undefined : { contentType, bytes: request.body };
  peer.request(request.method, `relay ${transactionKey}`, body);
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
  const contentType = response?.headers.get('Content-Type');
  const body =
    response && contentType !== undefined && response.body.length > 0
      ? { contentType, bytes: response.body }
      : undefined;
  call.usage(relay.from)?.respond(key, status, body);
}
