import { isUtf8 } from 'node:buffer';
import { decodeMsml } from '@legato/msml';
import type { SipRequest } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole, Role } from '../call/call-snapshot';
import { isMediaRole } from '../call/call-snapshot';
import { receiveRecordEvent } from '../use-cases/record';
import { relayRequest } from '../use-cases/relay-request';

/** Media types under which media servers send MSML (RFC 5707 §18.1 and the field). */
const MSML_TYPES: readonly string[] = [
  'application/msml+xml',
  'application/vnd.radisys.msml+xml',
  'application/xml',
  'text/xml',
];

/**
 * MSML is taken from media dialogs only: the same INFO from a party could forge the end of a recording.
 * Anything else goes to the other side.
 */
export function receiveInfo(call: Call, role: Role, request: SipRequest, transactionKey: string): void {
  const isMsml = request.contentType !== undefined && MSML_TYPES.includes(request.contentType);
  if (!isMsml) {
    if (!isMediaRole(role)) tellApplication(call, role, request);
    relayRequest(call, role, request, transactionKey);
  } else if (isMediaRole(role)) receiveMsml(call, role, request, transactionKey);
  else call.usage(role)?.respond(transactionKey, 415, undefined, TAKEN_FROM_PARTIES);
}

/** MSML is none of a party's business; what else it may say by INFO. */
const TAKEN_FROM_PARTIES = [
  ['Accept', 'application/sdp, application/dtmf-relay, application/media_control+xml'],
] as const;

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

function receiveMsml(call: Call, role: Role, request: SipRequest, transactionKey: string): void {
  const decoded = decodeMsml(request.body);
  const usage = call.usage(role);
  if (!decoded.ok || decoded.value.kind !== 'event') {
    usage?.respond(transactionKey, 400);
    return;
  }
  const { event } = decoded.value;
  if (!receiveRecordEvent(call, event)) {
    call.runtime.log.info('MSML event for no object of this call', {
      call_id: call.snapshot.id,
      event: event.name,
      object: event.id,
    });
  }
  usage?.respond(transactionKey, 200);
}
