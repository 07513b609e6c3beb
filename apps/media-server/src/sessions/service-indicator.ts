import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { PlayOptions, PlaySource } from '@legato/media';
import type { SipUri } from '@legato/sip';
import { lstatSync } from 'node:fs';
import { promptSource } from '../files/prompt-source';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import { Announcement } from './announcement';
import { Bridge } from './bridge';
import { ScriptedDialog, readScript, scriptSink, silentSink } from './scripted-dialog';
import type { SessionService } from './session-service';

/** What an INVITE is refused with. */
export interface ServiceRefusal {
  readonly status: 400 | 404 | 488;
  readonly reason?: string;
}

/** The session that an INVITE asks for. */
export interface ServedSession {
  readonly context: ControlContext;
  /** The scripts of its body, by Content-ID. */
  readonly scripts: ReadonlyMap<string, Uint8Array>;
  /** Where events of the session go. */
  readonly sink: EventSink;
  readonly hangUp: () => void;
}

type Service = Result<SessionService | undefined, ServiceRefusal>;

const SCRIPT_URL = /^cid:(.+)$/i;
const CONFERENCE = 'conf=';
/** A name that MSML can say, too. */
const NAME = /^[\w.:-]+$/;
/** What "forever" and absent limits mean: no errant client is played to for longer. */
const LONGEST_MS = 4 * 3_600_000;

/** The service of RFC 4240 that an INVITE asks for by the user part of its Request-URI; undefined when it asks for none. */
export function serviceOf(uri: SipUri | undefined, session: ServedSession): Service {
  const { context } = session;
  const user = uri?.user ?? '';
  const service = user.toLowerCase();
  if (service === 'ivr') return err({ status: 488 });
  if (uri && service === 'dialog') return dialogOf(uri, session);
  if (uri && service === 'annc') return announcementOf(uri, session);
  if (service !== 'conf' && !service.startsWith(CONFERENCE)) return ok(undefined);
  const name = user.slice(CONFERENCE.length);
  return name === '' ? err({ status: 404 }) : ok(new Bridge(context, conferenceId(name)));
}

/** Identifiers are compared as they are; what MSML can not say is told apart by its bytes. */
const conferenceId = (name: string): string =>
  `conf:${NAME.test(name) ? name : `uri-${Buffer.from(name).toString('hex')}`}`;

/** The script that a `cid:` URL names; undefined when there is none of that name. */
function scriptOf(url: string | undefined, { scripts }: ServedSession): Uint8Array | undefined {
  const id = SCRIPT_URL.exec(url ?? '')?.[1];
  return id === undefined ? undefined : scripts.get(id);
}

/** A dialog whose script comes with the INVITE (RFC 5707 §9.4); scripts of the web and VoiceXML are not served this way. */
function dialogOf(uri: SipUri, session: ServedSession): Service {
  const bytes = scriptOf(parameter(uri, 'moml'), session);
  if (!bytes) return err({ status: 488 });
  const { context, sink } = session;
  return ok(new ScriptedDialog(context, readScript(bytes, context), scriptSink(sink), () => undefined));
}

/** An announcement of several prompts: nothing but plays, and no INFO (RFC 5707 §9.4). */
function scriptedAnnouncementOf(url: string, session: ServedSession): Service {
  const bytes = scriptOf(url, session);
  if (!bytes) return err({ status: 488 });
  const { context, sink, hangUp } = session;
  const script = readScript(bytes, context);
  const isPlain = script.ok && script.value.every(({ element }) => element === 'play');
  return isPlain
    ? ok(new ScriptedDialog(context, script, silentSink(sink.controller), hangUp))
    : err({ status: 400, reason: 'Announcement script has more than plays' });
}

function announcementOf(uri: SipUri, session: ServedSession): Service {
  const { context, hangUp } = session;
  const play = parameter(uri, 'play');
  if (play !== undefined && SCRIPT_URL.test(play)) return scriptedAnnouncementOf(play, session);
  if (play === undefined) {
    return uri.params.has('moml')
      ? err({ status: 488 })
      : err({ status: 400, reason: 'Mandatory play parameter missing' });
  }
  const source = promptSource(play, context.services);
  if (!source.ok) return err({ status: 400, reason: 'Announcement content could not be retrieved' });
  if (!isThere(source.value)) return err({ status: 404, reason: 'Announcement content not found' });
  const options = optionsOf(uri);
  return options
    ? ok(new Announcement(context.media, source.value, options, hangUp))
    : err({ status: 400, reason: 'Bad announcement parameter' });
}

/** Whether a file is there; what is on the web shows when it is fetched. */
const isThere = (source: PlaySource): boolean =>
  typeof source !== 'string' || (lstatSync(source, { throwIfNoEntry: false })?.isFile() ?? false);

/** Counts and milliseconds (§3.2); undefined when one of them is none. */
function optionsOf(uri: SipUri): PlayOptions | undefined {
  const repeat = parameter(uri, 'repeat') ?? '1';
  const delay = parameter(uri, 'delay') ?? '0';
  const duration = parameter(uri, 'duration') ?? String(LONGEST_MS);
  const wrong = [repeat === 'forever' ? '1' : repeat, delay, duration].some(
    (text) => !/^\d{1,9}$/.test(text),
  );
  if (wrong) return undefined;
  return {
    iterate: repeat === 'forever' ? -1 : Math.max(1, Number(repeat)),
    intervalMs: Number(delay),
    maxtimeMs: Math.max(1, Math.min(LONGEST_MS, Number(duration))),
  };
}

/** The value of a parameter, unescaped once (RFC 3261 §19.1.2). */
function parameter(uri: SipUri, name: string): string | undefined {
  const value = uri.params.get(name);
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
