import type { AuditedConference, AuditedDialog, AuditedStream, AuditResult, AudioMix } from '@legato/msml';
import type { Conference } from '../conferences/conference';
import type { Connection } from './connection';
import type { ControlContext } from './control-context';

type States = ReadonlySet<string>;

/** Properties that have a value. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, property]) => property !== undefined)) as T;
}

/** The states of a conference that were asked for (RFC 5707 §10.2). */
export function auditConference(
  context: ControlContext,
  conference: Conference,
  states: States,
): AuditResult {
  return defined({
    targetid: conference.id,
    confconfig: configurationOf(conference, states),
    dialog: dialogsOn(context, conference.id, states, 'audit.conf.dialog'),
    stream: streamsOf(context, conference.id, states, 'audit.conf.stream'),
  });
}

/** Details of a SIP dialog: the state that asks for one, and its name in the result. */
const SIP_DETAILS = [
  ['localseq', 'localseq'],
  ['remoteseq', 'remoteseq'],
  ['localURI', 'localuri'],
  ['remoteURI', 'remoteuri'],
  ['remotetarget', 'remotetarget'],
  ['routeset', 'routeset'],
] as const;

/** The states of a connection that were asked for (§10.3). */
export function auditConnection(
  context: ControlContext,
  connection: Connection,
  states: States,
): AuditResult {
  const { sipdialog, localsdp, remotesdp } = connection.peer.describe();
  const has = (state: string): boolean => states.has(`audit.conn.${state}`);
  const asked = SIP_DETAILS.filter(([state]) => has(`sipdialog.${state}`)).map(([, name]) => name);
  return defined({
    targetid: connection.id,
    sipdialog:
      has('sipdialog') || asked.length > 0
        ? defined({
            callid: sipdialog.callid,
            localtag: sipdialog.localtag,
            remotetag: sipdialog.remotetag,
            ...Object.fromEntries(asked.map((name) => [name, sipdialog[name]])),
          })
        : undefined,
    localsdp: has('localsdp') ? localsdp : undefined,
    remotesdp: has('remotesdp') ? remotesdp : undefined,
    dialog: dialogsOn(context, connection.id, states, 'audit.conn.dialog'),
    stream: streamsOf(context, connection.id, states, 'audit.conn.stream'),
  });
}

function configurationOf({ audiomix, options }: Conference, states: States): AuditedConference | undefined {
  const has = (state: string): boolean => states.has(`audit.conf.confconfig${state}`);
  const mix = audiomix && mixOf(audiomix, has);
  const controller = has('.controller') ? options.origin.controller : undefined;
  if (!has('') && !mix && controller === undefined) return undefined;
  const { deletewhen, term } = options;
  return defined({ ...(has('') ? { deletewhen, term } : {}), audiomix: mix, controller });
}

function mixOf(mix: AudioMix, has: (state: string) => boolean): AudioMix | undefined {
  const asn = has('.audiomix.asn') ? mix.asn : undefined;
  const loudest = has('.audiomix.n-loudest') ? mix['n-loudest'] : undefined;
  if (!has('.audiomix') && !asn && !loudest) return undefined;
  return defined({ id: mix.id, samplerate: mix.samplerate, asn, 'n-loudest': loudest });
}

function dialogsOn(
  context: ControlContext,
  id: string,
  states: States,
  prefix: string,
): AuditedDialog[] | undefined {
  const has = (state: string): boolean => states.has(prefix + state);
  if (!['', '.duration', '.primitive', '.controller'].some(has)) return undefined;
  return context.dialogs.on(id).map((dialog) =>
    defined({
      name: dialog.options.name,
      type: dialog.options.type,
      src: dialog.options.src,
      duration: has('.duration')
        ? String(Math.floor((context.clock.now() - dialog.startedAt) / 1000))
        : undefined,
      primitive: has('.primitive') ? dialog.primitive : undefined,
      controller: has('.controller') ? dialog.options.origin.controller : undefined,
    }),
  );
}

function streamsOf(
  context: ControlContext,
  id: string,
  states: States,
  prefix: string,
): AuditedStream[] | undefined {
  const has = (state: string): boolean => states.has(prefix + state);
  if (!['', '.clamp', '.gain', '.visual'].some(has)) return undefined;
  return context.streams.of(id).map(({ from, to, properties }) =>
    defined({
      joinwith: from === id ? to : from,
      media: 'audio' as const,
      dir: from === id ? ('from' as const) : ('to' as const),
      // The other direction of a stream that was made preferred goes to somebody who hears all of it anyway (§8.12.1).
      preferred: to.startsWith('conf:') ? properties.preferred : undefined,
      clamp: has('.clamp') ? properties.clamp : undefined,
      gain: has('.gain') ? properties.gain : undefined,
    }),
  );
}
