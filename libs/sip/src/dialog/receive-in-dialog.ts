import type { SipMessage } from '../message/sip-message';
import type { SipRequest } from '../message/sip-request';
import type { DialogState } from './dialog-state';

/** `in order`, and then the dialog has noted the number; `repeated` has the number of the last one; `out of order` deserves a 500. */
export type CSeqOrder = 'in order' | 'repeated' | 'out of order';

/**
 * Checks the order of a request other than ACK and CANCEL and notes its number and its flow (RFC 3261 §12.2.2). Gaps are in
 * order. A repeated number is a retransmission that its transaction, which a restart has taken, did not absorb.
 */
export function noteRemoteCSeq(dialog: DialogState, request: SipRequest): CSeqOrder {
  const { number } = request.cseq;
  const last = dialog.remoteCSeq;
  if (last !== null && number < last) return 'out of order';
  if (last !== null && number === last) return 'repeated';
  dialog.remoteCSeq = number;
  if (request.flow) dialog.flow = request.flow;
  return 'in order';
}

const REFRESHING: readonly string[] = ['INVITE', 'UPDATE'];

/** Whether a method refreshes the remote target of a dialog (RFC 3261 §6, RFC 3311 §5.1). */
export const isTargetRefresh = (method: string): boolean => REFRESHING.includes(method);

/**
 * Takes the Contact of a target refresh request that is being accepted, or of a 2xx to one of ours, as the remote target (RFC
 * 6141 §4.6 and §4.7; §12.2 of RFC 3261). The route set stays.
 */
export function refreshTarget(dialog: DialogState, message: Pick<SipMessage, 'contact'>): void {
  const uri = message.contact?.uri;
  if (uri !== undefined) dialog.remoteTarget = uri;
}
