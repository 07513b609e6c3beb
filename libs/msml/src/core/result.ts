import type { AuditResult } from '../audit/auditresult';
import { auditresult } from '../audit/auditresult';
import { children, textChild, textChildren } from '../schema/content';
import { anyText } from '../schema/datatype';
import { markToken, responseCode } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { conferenceId, dialogId } from '../schema/identifier-types';

/** The outcome of a request (§7.3), in the final response to the SIP request that carried it. */
export interface MsmlResult extends Extensible {
  /** Three digits of §11. */
  response: string;
  /** The mark of the last operation that was carried out. */
  mark?: string;
  description?: string;
  /** Conferences and dialogs that the server named; read inside `result` and after it (erratum 4961). */
  confIds: string[];
  dialogIds: string[];
  auditResults?: AuditResult[];
}

export const result = defineElement<MsmlResult>('result', '7.3', {
  response: mandatory(responseCode),
  mark: optional(markToken),
  description: textChild('description', anyText),
  confIds: textChildren('confid', conferenceId),
  dialogIds: textChildren('dialogid', dialogId),
  auditResults: children(auditresult),
});
