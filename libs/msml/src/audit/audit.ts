import { anyText } from '../schema/datatype';
import { markToken } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { queryId } from '../schema/identifier-types';
import { auditStates } from './audit-states';

/** Asks for the state of conferences or connections (§10.1.1). */
export interface MsmlAudit extends Extensible {
  element: 'audit';
  /** A conference or connection, or all of them: "conf:*", "conn:*". */
  queryid: string;
  /** States separated by white space; only identifiers are wanted when absent. */
  statelist?: string;
  mark?: string;
}

const check: ElementCheck<MsmlAudit> = ({ queryid, statelist }, context) => {
  const objectClass = queryid.startsWith('conf:') ? 'conf' : 'conn';
  if (!auditStates(objectClass, statelist))
    context.fail('410', `audit statelist has no state of a ${objectClass}`);
};

export const audit = defineElement<MsmlAudit>(
  'audit',
  '10.1.1',
  { queryid: mandatory(queryId), statelist: optional(anyText), mark: optional(markToken) },
  { check },
);
