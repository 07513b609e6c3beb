import type { MsmlAudit } from '@legato/msml';
import { auditStates } from '@legato/msml';
import { auditConference, auditConnection } from '../../objects/audit';
import type { Executor } from '../executor';
import { refuse } from '../refusal';
import { objectsOf } from './streams-of';

/** Reports the state of conferences or connections (RFC 5707 §10.1): one auditresult for each, none when there is none. */
export const audit: Executor<MsmlAudit> = {
  execute({ queryid, statelist }, { context, auditResults }) {
    const found = objectsOf(context, queryid);
    const objects = 'response' in found ? [] : found;
    const states = auditStates(queryid.startsWith('conf:') ? 'conf' : 'conn', statelist);
    if (!states) return refuse('410', 'audit statelist');
    for (const id of objects) {
      const conference = context.conferences.get(id);
      const connection = context.connections.get(id);
      if (conference) auditResults.push(auditConference(context, conference, states));
      else if (connection) auditResults.push(auditConnection(context, connection, states));
    }
    return undefined;
  },
};
