const CONFERENCE = [
  'audit.conf.confconfig',
  'audit.conf.confconfig.audiomix',
  'audit.conf.confconfig.audiomix.asn',
  'audit.conf.confconfig.audiomix.n-loudest',
  'audit.conf.confconfig.videolayout',
  'audit.conf.confconfig.videolayout.root',
  'audit.conf.confconfig.videolayout.selector',
  'audit.conf.confconfig.controller',
] as const;

const CONNECTION = [
  'audit.conn.sipdialog',
  'audit.conn.sipdialog.localseq',
  'audit.conn.sipdialog.remoteseq',
  'audit.conn.sipdialog.localURI',
  'audit.conn.sipdialog.remoteURI',
  'audit.conn.sipdialog.remotetarget',
  'audit.conn.sipdialog.routeset',
  'audit.conn.localsdp',
  'audit.conn.remotesdp',
] as const;

const OF_BOTH = [
  'dialog',
  'dialog.duration',
  'dialog.primitive',
  'dialog.controller',
  'stream',
  'stream.clamp',
  'stream.gain',
  'stream.visual',
] as const;

/** Every state that can be asked for (§10.2.1, §10.3.1, §10.4.1, §10.5.1), by class of object. */
export const AUDIT_STATES: Readonly<Record<'conf' | 'conn', readonly string[]>> = {
  conf: [...CONFERENCE, ...OF_BOTH.map((state) => `audit.conf.${state}`)],
  conn: [...CONNECTION, ...OF_BOTH.map((state) => `audit.conn.${state}`)],
};

/**
 * The states of `objectClass` that `statelist` asks for (§10.1.1), with wildcards resolved; undefined when one is unknown or of
 * the other class, which refuses the request. Case does not count, because the RFC writes localURI and localuri.
 */
export function auditStates(
  objectClass: 'conf' | 'conn',
  statelist: string | undefined,
): Set<string> | undefined {
  const wanted = new Set<string>();
  for (const state of (statelist ?? '').split(/\s+/).filter(Boolean)) {
    const found = statesMatching(AUDIT_STATES[objectClass], objectClass, state.toLowerCase());
    if (found.length === 0) return undefined;
    for (const name of found) wanted.add(name);
  }
  return wanted;
}

function statesMatching(all: readonly string[], objectClass: string, state: string): string[] {
  if (!state.endsWith('.*')) return all.filter((name) => name.toLowerCase() === state);
  const above = state.slice(0, -2);
  const isLevel = above === `audit.${objectClass}` || all.some((name) => name.toLowerCase() === above);
  return isLevel
    ? all.filter((name) => name.toLowerCase().startsWith(`${above}.`) || name.toLowerCase() === above)
    : [];
}
