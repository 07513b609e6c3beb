import type { MediaServerAudit } from '@legato/contracts';
import type { AuditResult, MsmlOperation } from '@legato/msml';

type Audited = MediaServerAudit['conferences'][number];

const states = (objectClass: string, ...names: readonly string[]): string =>
  names.map((name) => `audit.${objectClass}.${name}`).join(' ');
const OF_BOTH = ['dialog', 'dialog.duration', 'dialog.primitive', 'stream'] as const;

/** Asks for every conference and every connection (RFC 5707 §10.1.1). */
export const AUDIT_ALL: MsmlOperation[] = [
  { element: 'audit', queryid: 'conf:*', statelist: states('conf', ...OF_BOTH) },
  { element: 'audit', queryid: 'conn:*', statelist: states('conn', 'sipdialog', ...OF_BOTH) },
];

const isConference = ({ targetid }: AuditResult): boolean => targetid.startsWith('conf:');

/** What the media server answered, as clients see it. */
export function auditDocument(results: readonly AuditResult[]): MediaServerAudit {
  return {
    conferences: results.filter(isConference).map(audited),
    connections: results
      .filter((result) => !isConference(result))
      .map((result) => ({
        ...audited(result),
        ...(result.sipdialog && { sip_call_id: result.sipdialog.callid }),
      })),
  };
}

function audited({ targetid, dialog = [], stream = [] }: AuditResult): Audited {
  return {
    id: targetid,
    dialogs: dialog.map(({ name, primitive, duration }) => ({
      name,
      ...(primitive !== undefined && { primitive }),
      ...(duration !== undefined && { duration_s: Number(duration) }),
    })),
    streams: stream.map(({ joinwith, media, dir }) => ({ with: joinwith, media, direction: dir })),
  };
}
