import type { AuditedSipDialog } from '@legato/msml';
import type { DialogState } from '@legato/sip';

/** A SIP dialog in the words of an audit (RFC 5707 §10.3.2). */
export function auditedDialog(dialog: DialogState | null): AuditedSipDialog {
  if (!dialog) return { callid: '', localtag: '', remotetag: '' };
  return {
    callid: dialog.sipCallId,
    localtag: dialog.localTag,
    remotetag: dialog.remoteTag,
    localseq: String(dialog.localCSeq),
    remoteseq: String(dialog.remoteCSeq ?? 0),
    localuri: dialog.localUri,
    remoteuri: dialog.remoteUri,
    remotetarget: dialog.remoteTarget,
    routeset: dialog.routeSet.join(', '),
  };
}
