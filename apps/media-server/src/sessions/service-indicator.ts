import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { PlayOptions } from '@legato/media';
import type { SipRequest, SipUri } from '@legato/sip';
import { lstatSync } from 'node:fs';
import type { ControlContext } from '../objects/control-context';
import { Announcement } from './announcement';
import { Bridge } from './bridge';
import type { SessionService } from './session-service';

/** What an INVITE is refused with. */
export interface ServiceRefusal {
  readonly status: 400 | 404 | 488;
  readonly reason?: string;
}

type Service = Result<SessionService | undefined, ServiceRefusal>;

/** Services that run scripts: here dialogs are started by dialogstart, not by URIs (RFC 5707 §9.4). */
const SCRIPTED: readonly string[] = ['dialog', 'ivr'];
const CONFERENCE = 'conf=';
/** A name that MSML can say, too. */
const NAME = /^[\w.:-]+$/;
/** What "forever" and absent limits mean: no errant client is played to for longer. */
const LONGEST_MS = 4 * 3_600_000;

/** The service of RFC 4240 that an INVITE asks for by the user part of its Request-URI; undefined when it asks for none. */
export function serviceOf({ uri }: SipRequest, context: ControlContext, hangUp: () => void): Service {
  const user = uri?.user ?? '';
  const service = user.toLowerCase();
  if (SCRIPTED.includes(service)) return err({ status: 488 });
  if (uri && service === 'annc') return announcementOf(uri, context, hangUp);
  if (service !== 'conf' && !service.startsWith(CONFERENCE)) return ok(undefined);
  const name = user.slice(CONFERENCE.length);
  return name === '' ? err({ status: 404 }) : ok(new Bridge(context, conferenceId(name)));
}

/** Identifiers are compared as they are; what MSML can not say is told apart by its bytes. */
const conferenceId = (name: string): string =>
  `conf:${NAME.test(name) ? name : `uri-${Buffer.from(name).toString('hex')}`}`;

function announcementOf(uri: SipUri, context: ControlContext, hangUp: () => void): Service {
  const play = parameter(uri, 'play');
  if (play === undefined) {
    return uri.params.has('moml')
      ? err({ status: 488 })
      : err({ status: 400, reason: 'Mandatory play parameter missing' });
  }
  const path = context.services.folders.promptPath(play);
  if (!path.ok) return err({ status: 400, reason: 'Announcement content could not be retrieved' });
  const isThere = lstatSync(path.value, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!isThere) return err({ status: 404, reason: 'Announcement content not found' });
  const options = optionsOf(uri);
  return options
    ? ok(new Announcement(context.media, path.value, options, hangUp))
    : err({ status: 400, reason: 'Bad announcement parameter' });
}

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
