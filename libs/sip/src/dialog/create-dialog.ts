import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { DialogState } from './dialog-state';

/**
 * The dialog that the UAS side of an INVITE has from its first response with a tag on (RFC 3261 §12.1.1). A peer of RFC 2543
 * has no From tag: its remote tag is empty.
 */
export function createUasDialog(request: SipRequest, localTag: string): DialogState {
  const { from } = request;
  return {
    sipCallId: request.callId,
    localTag,
    remoteTag: from.tag ?? '',
    localUri: request.to.address,
    remoteUri: from.address,
    remoteTarget: request.contact?.uri ?? from.uri,
    routeSet: request.headers.getAll('Record-Route'),
    localCSeq: 0,
    remoteCSeq: request.cseq.number,
    state: 'early',
    role: 'UAS',
    flow: request.flow,
  };
}

/** The dialog that a response to our INVITE opens; `requestUri` stands in for a missing Contact (RFC 3261 §12.1.2). */
export function createUacDialog(response: SipResponse, requestUri: string): DialogState {
  const { from, to } = response;
  return {
    sipCallId: response.callId,
    localTag: from.tag ?? '',
    remoteTag: to.tag ?? '',
    localUri: from.address,
    remoteUri: to.address,
    remoteTarget: response.contact?.uri ?? requestUri,
    routeSet: response.headers.getAll('Record-Route').reverse(),
    localCSeq: response.cseq.number,
    remoteCSeq: null,
    state: response.status >= 200 ? 'confirmed' : 'early',
    role: 'UAC',
    flow: response.flow,
  };
}

/**
 * The 2xx confirms an early dialog: the route set is computed anew from it, because an early response of an RFC 2543 proxy may
 * have lacked some (RFC 3261 §13.2.2.4). The sequence numbers go on.
 */
export function confirmUacDialog(early: DialogState, response: SipResponse): DialogState {
  const confirmed = createUacDialog(response, early.remoteTarget);
  return {
    ...confirmed,
    localCSeq: Math.max(early.localCSeq, confirmed.localCSeq),
    remoteCSeq: early.remoteCSeq,
  };
}
