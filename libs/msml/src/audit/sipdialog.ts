import { textChild } from '../schema/content';
import { anyText } from '../schema/datatype';
import { nonNegativeInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';

/** The SIP dialog of a connection (§10.3.2), in the words of RFC 3261 §12. */
export interface AuditedSipDialog extends Extensible {
  callid: string;
  localtag: string;
  remotetag: string;
  localseq?: string;
  remoteseq?: string;
  localuri?: string;
  remoteuri?: string;
  remotetarget?: string;
  routeset?: string;
}

export const sipdialog = defineElement<AuditedSipDialog>('sipdialog', '10.3.2', {
  callid: mandatory(anyText),
  localtag: mandatory(anyText),
  remotetag: mandatory(anyText),
  localseq: textChild('localseq', nonNegativeInteger),
  remoteseq: textChild('remoteseq', nonNegativeInteger),
  localuri: textChild('localuri', anyText),
  remoteuri: textChild('remoteuri', anyText),
  remotetarget: textChild('remotetarget', anyText),
  routeset: textChild('routeset', anyText),
});
