/** What an identifier names (§6.2); exactly one of `connection` and `conference` is there. "*" is the wildcard. */
export interface ObjectId {
  connection?: string;
  conference?: string;
  dialog?: string;
}

const INDEPENDENT = /^(conn|conf):([^/\s*]+|\*)$/;
const DIALOG = /^(conn|conf):([^/\s*]+)\/dialog:([^/\s*]+|\*)$/;
const MAX_ID_LENGTH = 1024;

/**
 * The parts of "conn:x", "conf:x", "conn:x/dialog:y" and "conf:x/dialog:y" (RFC 5707 §6.2). A wildcard is the whole right-most
 * name, never in the root of a dialog. Undefined for anything else. Case is kept: connection ids are SIP tags.
 */
export function parseObjectId(id: string): ObjectId | undefined {
  if (id.length > MAX_ID_LENGTH) return undefined;
  const match = DIALOG.exec(id) ?? INDEPENDENT.exec(id);
  if (!match) return undefined;
  const [, objectClass, instance, dialog] = match;
  const root = objectClass === 'conn' ? { connection: instance } : { conference: instance };
  return dialog === undefined ? root : { ...root, dialog };
}

/** The identifier without its dialog: "conf:x" of "conf:x/dialog:y"; undefined when it is no identifier. */
export function rootOfObjectId(id: string): string | undefined {
  const parsed = parseObjectId(id);
  if (!parsed) return undefined;
  return parsed.dialog === undefined ? id : id.slice(0, id.indexOf('/'));
}
