import { isUtf8 } from 'node:buffer';
import { decodeMsml, isMsmlContentType } from '@legato/msml';
import type { SipRequest } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole, MediaRole, Role } from '../call/call-snapshot';
import { isMediaRole, otherLeg } from '../call/call-snapshot';
import { relayRequest } from '../use-cases/relay-request';
import { isSecretDigit, withoutSecretDigits } from '../use-cases/secret-digits';

/** What a media server wants of a party's encoder, a fresh picture for one (RFC 5168 §5): for the party, not for us. */
const MEDIA_CONTROL = 'application/media_control+xml';

/** MSML is none of a party's business; what else it may say by INFO. */
const TAKEN_FROM_PARTIES = [['Accept', `application/sdp, application/dtmf-relay, ${MEDIA_CONTROL}`]] as const;
/** We have told no party that we take any (RFC 6086 §4.2.2, §5.2.3). */
const NO_PACKAGES = [['Recv-Info', '']] as const;
const TAKEN_FROM_MEDIA_SERVERS = [['Accept', `application/msml+xml, ${MEDIA_CONTROL}`]] as const;

/**
 * MSML is taken from media dialogs only: the same INFO from a party could forge the end of a recording. What else parties say goes
 * to the other side.
 */
export function receiveInfo(call: Call, role: Role, request: SipRequest, transactionKey: string): void {
  if (isMediaRole(role)) receiveFromMediaServer(call, role, request, transactionKey);
  else if (request.headers.has('Info-Package'))
    call.usage(role)?.respond(transactionKey, 469, undefined, NO_PACKAGES);
  else if (isMsmlContentType(request.contentType ?? ''))
    call.usage(role)?.respond(transactionKey, 415, undefined, TAKEN_FROM_PARTIES);
  else if (isSecretDigit(call, role, request.contentType)) call.usage(role)?.respond(transactionKey, 200);
  else {
    tellApplication(call, role, request);
    // In a call of one party it was for the application alone.
    if (call.usage(otherLeg(role))) relayRequest(call, role, request, transactionKey);
    else call.usage(role)?.respond(transactionKey, 200);
  }
}

/** What an application sees of a body at most. */
const TOLD_BYTES = 4096;

/** Offers what a party said by INFO to the application, beside the other party (RFC 6086). */
function tellApplication(call: Call, leg: LegRole, request: SipRequest): void {
  const body = Buffer.from(request.body.subarray(0, TOLD_BYTES));
  const isText = isUtf8(body);
  call.log('info.received', {
    leg,
    content_type: request.contentType ?? null,
    encoding: isText ? 'utf8' : 'base64',
    body: body.toString(isText ? 'utf8' : 'base64'),
  });
}

/** An INFO without a body only shows that the dialog is there (RFC 2976 §2.2). */
function receiveFromMediaServer(
  call: Call,
  role: MediaRole,
  request: SipRequest,
  transactionKey: string,
): void {
  const usage = call.usage(role);
  if (request.body.length === 0) usage?.respond(transactionKey, 200);
  else if (isMsmlContentType(request.contentType ?? ''))
    usage?.respond(transactionKey, receiveMsmlEvent(call, request.body) ? 200 : 400);
  else if (request.contentType === MEDIA_CONTROL) relayRequest(call, role, request, transactionKey);
  else usage?.respond(transactionKey, 415, undefined, TAKEN_FROM_MEDIA_SERVERS);
}

/** Reads an event of the media server, from an INFO or a BYE (RFC 5707 §3.1); false when the body is none. */
export function receiveMsmlEvent(call: Call, body: Uint8Array): boolean {
  const decoded = decodeMsml(body);
  if (!decoded.ok || decoded.value.kind !== 'event') return false;
  const event = withoutSecretDigits(call, decoded.value.event);
  if (!call.mediaDialogs.receiveEvent(event)) {
    call.runtime.unknownMsmlEvent();
    call.runtime.log.info('MSML event for no object of this call', {
      call_id: call.snapshot.id,
      event: event.name,
      object: event.id,
    });
  }
  return true;
}
