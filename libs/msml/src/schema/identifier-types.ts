import type { Datatype } from './datatype';
import { matching, oneOf } from './datatype';
import type { ObjectId } from '../core/object-id';
import { parseObjectId } from '../core/object-id';

/** Text that is an identifier and one that `accepts` likes; another class of object is `wrongClass` (410 or 440, §8.8, §8.11). */
function identifier(
  expected: string,
  wrongClass: '410' | '440',
  accepts: (id: ObjectId) => boolean,
): Datatype<string> {
  return {
    expected,
    read(text) {
      const id = parseObjectId(text);
      return id && accepts(id) ? text : undefined;
    },
    write: String,
    faultFor: (text) => (parseObjectId(text) ? wrongClass : '410'),
  };
}

const isWild = (id: ObjectId): boolean => id.connection === '*' || id.conference === '*';

export const connectionId = identifier(
  'a connection identifier',
  '410',
  (id) => id.dialog === undefined && id.connection !== undefined && !isWild(id),
);
export const conferenceId = identifier(
  'a conference identifier',
  '410',
  (id) => id.dialog === undefined && id.conference !== undefined && !isWild(id),
);
export const independentId = identifier(
  'a connection or conference identifier',
  '410',
  (id) => id.dialog === undefined && !isWild(id),
);
/** An end of a join: another class of object answers 440 (§8.8). */
export const joinableId = identifier(
  'a connection or conference identifier',
  '440',
  (id) => id.dialog === undefined && !isWild(id),
);
/** The connection of a monitor: another class of object answers 440 (§8.11). */
export const monitoredId = identifier(
  'a connection identifier',
  '440',
  (id) => id.dialog === undefined && id.connection !== undefined && !isWild(id),
);
export const queryId = identifier(
  'a connection or conference identifier or wildcard',
  '410',
  (id) => id.dialog === undefined,
);
export const dialogId = identifier('a dialog identifier', '410', (id) => id.dialog !== undefined);
/** The source of an event: a conference, or a dialog that is no wildcard (§7.4). */
export const eventSource = identifier('a conference or dialog identifier', '410', (id) =>
  id.dialog === undefined ? id.conference !== undefined && !isWild(id) : id.dialog !== '*',
);

/** An end of an unjoin or modifystream, which may be a wildcard (§8.9, §8.10); lenient: a bare "*" is all connections. */
export const wildcardId: Datatype<string> = {
  expected: 'a connection or conference identifier or wildcard',
  read(text, lenient) {
    const id = lenient && text === '*' ? 'conn:*' : text;
    const parsed = parseObjectId(id);
    return parsed && parsed.dialog === undefined ? id : undefined;
  },
  write: String,
  faultFor: (text) => (parseObjectId(text) ? '440' : '410'),
};

/** Where an event goes: an object, for a dialog perhaps with "/" and a target inside it (§7.2). */
export const sendTarget = matching(
  'an object identifier',
  /^(conf|conn):[^/\s]+(\/dialog:[^/\s]+(\/[^/\s]+)?)?$/,
);

/** The languages a dialog can be written in (§9.6.1); VoiceXML has two spellings in the RFC, both are read. */
export const dialogLanguage = {
  ...oneOf(
    'application/moml+xml',
    'application/vxml+xml',
    'application/voicexml+xml',
    'application/vnd.radisys.moml+xml',
  ),
  faultFor: () => '421',
};
