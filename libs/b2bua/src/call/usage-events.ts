import { isMsmlContentType } from '@legato/msml';
import type { SipResponse, UsageEvent } from '@legato/sip';
import { reasonPhrase } from '@legato/sip';
import { receiveInfo, receiveMsmlEvent } from '../media-control/receive-info';
import { receiveMsmlAnswer, receiveOutcome } from '../media-control/receive-outcome';
import { finishSettling, noteMediaAnswer } from '../media-control/media-session';
import { descriptionIn } from '../media-control/session-description';
import { leavesBridge } from '../use-cases/bridge';
import { passDelayedAnswer } from '../use-cases/connect-direct';
import { noteRefusal } from '../use-cases/best-refusal';
import { loseMediaWork } from '../use-cases/media-work';
import { identityIn } from '../use-cases/caller-identity';
import { relayAccepted, relayAcknowledged, relayRefused, relayReinvite } from '../use-cases/relay-reinvite';
import { relayAnswered, relayRequest } from '../use-cases/relay-request';
import { receivePartyAnswer } from '../use-cases/send-info';
import { isRedirected } from '../use-cases/trunk-refusal';
import type { Call } from './call';
import type { MediaRole, Role } from './call-snapshot';
import { isMediaRole, MEDIA_ROLES } from './call-snapshot';

type Kind = UsageEvent['type'];
type Of<K extends Kind> = Extract<UsageEvent, { type: K }>;

/** Keeps what the peer says of its media; the last word counts. */
function note(
  call: Call,
  role: Role,
  message: { contentType: string | undefined; body: Uint8Array },
): boolean {
  const description = descriptionIn(message);
  if (description !== undefined) call.snapshot.descriptions[role] = description;
  return description !== undefined;
}

/** Of the callee who answers in the end: forks are heard one after the other. */
function noteIdentity(call: Call, response: SipResponse): void {
  const identity = identityIn(call, response);
  if (identity) call.snapshot.calleeIdentity = identity;
}

function accepted(call: Call, role: Role, event: Of<'accepted'>): void {
  note(call, role, event.response);
  if (role === 'callee' && event.purpose === 'INVITE') noteIdentity(call, event.response);
  if (event.purpose === 're-INVITE') {
    if (finishSettling(call, role, true) || relayAccepted(call, role, event.response)) return;
  } else if (isMediaRole(role)) noteMediaAnswer(call, role, event.response.status);
  call.trigger(`${role} accepted`);
}

function refused(call: Call, role: Role, event: Of<'refused'>): void {
  if (event.purpose === 're-INVITE') {
    if (finishSettling(call, role, false) || relayRefused(call, role, event.status)) return;
  } else if (isMediaRole(role)) {
    noteMediaAnswer(call, role, event.status);
    call.abandon(role);
  } else if (!isRedirected(call, role, event.status, event.response)) {
    noteRefusal(call, role, outcomeOf(event.status, event.response));
  }
  call.trigger(`${role} refused`);
}

const outcomeOf = (status: number, response: SipResponse | undefined) => ({
  status,
  reason: response?.reason || reasonPhrase(status),
});

function acknowledged(call: Call, role: Role, event: Of<'acknowledged'>): void {
  const body = event.body ? { contentType: event.body.contentType, body: event.body.bytes } : undefined;
  const answer = body && note(call, role, body) ? call.snapshot.descriptions[role] : undefined;
  if (event.purpose === 're-INVITE') relayAcknowledged(call, role, answer);
  else if (role === 'caller' && answer !== undefined) passDelayedAnswer(call, answer);
  call.trigger(`${role} acknowledged`);
}

function bye(call: Call, role: Role, { request }: Of<'bye'>): void {
  if (!isMediaRole(role)) {
    if (leavesBridge(call, role)) return;
    const reason = request.headers.get('Reason');
    if (reason !== undefined) call.snapshot.byeReason ??= reason;
    const answered = call.snapshot.answeredAt !== undefined;
    call.end(answered ? 'completed' : 'canceled', { status: answered ? 200 : 487, reason: 'BYE' });
    return;
  }
  if (isMsmlContentType(request.contentType ?? '')) receiveMsmlEvent(call, request.body);
  if (call.snapshot.procedure) call.trigger(`${role} ended`);
  else call.end('media_lost', { status: 200, reason: 'Media server ended the media' });
}

/** A dialog is over: nothing of it stays, and the call goes with it unless another use case took it up. */
function ended(call: Call, role: Role): void {
  if (isMediaRole(role)) {
    if (call.snapshot.exchanges[role]) {
      for (const outcome of call.exchange(role).abort()) receiveOutcome(call, outcome);
    }
    if (role === 'caller media') loseMediaWork(call);
    if (call.snapshot.procedure) call.trigger(`${role} ended`);
  }
  if (leavesBridge(call, role)) return;
  call.abandon(role);
  if (call.snapshot.state === 'ending') call.usageEnded();
  else if (!isMediaRole(role)) call.end('failed', { status: 481, reason: 'Dialog lost' });
  else if (call.snapshot.mode === 'anchored' && call.snapshot.procedure === null) {
    call.end('media_lost', { status: 200, reason: 'Media server lost' });
  }
}

/** A request that had no answer, or none of this dialog, has ended it: the BYE that is on its way need not be waited for. */
function mediaAnswered(call: Call, role: MediaRole, { token, status, response }: Of<'answered'>): void {
  receiveMsmlAnswer(call, role, token, status, response);
  if (call.usage(role)?.state.phase === 'Mortal') ended(call, role);
}

/** The media server `uri` is silent for long: what waits for its answer will have none. Who asks nothing of it may still be heard. */
export function loseSilentMedia(call: Call, uri: string): void {
  if (call.snapshot.mediaServer !== uri) return;
  for (const role of MEDIA_ROLES) {
    const usage = call.usage(role);
    if (!usage || !call.snapshot.exchanges[role] || !call.exchange(role).isBusy) continue;
    usage.bye();
    ended(call, role);
  }
}

const receivers: { readonly [K in Kind]: (call: Call, role: Role, event: Of<K>) => void } = {
  provisional: (call, role, event) => {
    const hasDescription = note(call, role, event.response);
    if (role === 'callee') {
      noteIdentity(call, event.response);
      call.snapshot.lastProvisional = { status: event.response.status, hasDescription };
    }
    call.trigger(`${role} provisional`);
  },
  accepted,
  refused,
  cancelled: (call, role) => call.trigger(`${role} cancelled`),
  acknowledged,
  'no ack': (call) => call.end('failed', { status: 408, reason: 'No ACK' }),
  're-INVITE': (call, role, event) => {
    note(call, role, event.request);
    relayReinvite(call, role, event.request, event.transactionKey);
  },
  request: (call, role, event) => {
    if (event.request.method === 'INFO') receiveInfo(call, role, event.request, event.transactionKey);
    else relayRequest(call, role, event.request, event.transactionKey);
  },
  answered: (call, role, event) => {
    if (event.token.startsWith('relay ')) relayAnswered(call, event.token, event.status, event.response);
    else if (isMediaRole(role)) mediaAnswered(call, role, event);
    else receivePartyAnswer(call, role, event.token, event.status);
  },
  bye,
  ended: (call, role) => ended(call, role),
};

/** Takes what a dialog tells to the use case that it concerns. */
export function receiveUsageEvent<K extends Kind>(call: Call, role: Role, event: Of<K>): void {
  (receivers[event.type] as (call: Call, role: Role, event: Of<K>) => void)(call, role, event);
}
