import { child, children, textChild } from '../schema/content';
import { anyText } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';
import { independentId } from '../schema/identifier-types';
import type { AuditedConference } from './confconfig';
import { confconfig } from './confconfig';
import type { AuditedDialog } from './dialog';
import { dialog } from './dialog';
import type { AuditedSipDialog } from './sipdialog';
import { sipdialog } from './sipdialog';
import type { AuditedStream } from './stream';
import { stream } from './stream';

/** The state of one conference or connection (§10.1.2); only what was asked for is there. */
export interface AuditResult extends Extensible {
  targetid: string;
  confconfig?: AuditedConference;
  sipdialog?: AuditedSipDialog;
  /** SDP as text; it may have been indented with the document. */
  localsdp?: string;
  remotesdp?: string;
  dialog?: AuditedDialog[];
  stream?: AuditedStream[];
}

export const auditresult = defineElement<AuditResult>('auditresult', '10.1.2', {
  targetid: mandatory(independentId),
  confconfig: child(confconfig),
  sipdialog: child(sipdialog),
  localsdp: textChild('localsdp', anyText),
  remotesdp: textChild('remotesdp', anyText),
  dialog: children(dialog),
  stream: children(stream),
});
