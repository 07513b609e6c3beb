import type { Datatype } from './datatype';
import { integer, matching, oneOf } from './datatype';

/** An instance name that a client may give to what it creates (§6.2: no asterisk). */
export const instanceName = matching('an instance name', /^[a-zA-Z0-9.:\-_]+$/);

/** The value of a mark attribute (§7.2). */
export const markToken = matching('a mark', /^[a-zA-Z0-9.:\-_]+$/);

/** The name of an event (§7.4); "#" was seen on the wire. */
export const eventName = matching('an event name', /^[a-zA-Z0-9.:_\-#]+$/);

/** An event of a dialog's send (§9.6.3). */
export const momlEventName = matching('an event name', /^[a-zA-Z0-9][a-zA-Z0-9._\-#]*$/);

/** The id of a primitive, and the target of a dialog's send (§9.6.3). */
export const momlId = matching('an identifier', /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/);

/** Three digits (§11). */
export const responseCode = matching('three digits', /^[0-9]{3}$/);

const DURATION = /^\+?([0-9]{0,9}\.)?[0-9]{1,9}(ms|s)$/;
const SIGNED_DURATION = /^[+-]?([0-9]{0,9}\.)?[0-9]{1,9}(ms|s)$/;

/** A number with its unit, "ms" or "s"; lenient: a bare number is seconds, as the RFC's own example has it. */
function durationOf(pattern: RegExp): Datatype<string> {
  return {
    expected: 'a duration with unit ms or s',
    read(text, lenient) {
      const withUnit = lenient && /[0-9]$/.test(text) ? `${text}s` : text;
      return pattern.test(withUnit) ? withUnit : undefined;
    },
    write: String,
  };
}

export const positiveDuration = durationOf(DURATION);
export const signedDuration = durationOf(SIGNED_DURATION);

/** How often: a positive number, or -1 and "forever" for no end. */
export const iterations = matching('a count, -1 or forever', /^([1-9][0-9]{0,15}|-1|forever)$/);

/** Decibels from -96 to 96. */
export const decibels = integer(-96, 96);

/** Power in dBm0, from -96 to 0. */
export const dbm0 = integer(-96, 0);

/** The level that automatic gain control aims at: -40 to 0 dBm0. */
export const targetLevel = integer(-40, 0);

/** The most gain that automatic gain control may apply: 0 to 40 dB. */
export const maximumGain = integer(0, 40);

/** Hertz within the telephone band. */
export const frequency = integer(0, 3999);

export const positiveInteger = integer(1);
export const nonNegativeInteger = integer(0);

/** A gain of a stream: decibels or "mute" (erratum 3373); "unmute" is what media servers take to end a mute. */
export const streamGainAmount: Datatype<string> = {
  expected: 'decibels from -96 to 96, mute or unmute',
  read: (text, lenient) => (text === 'mute' || text === 'unmute' ? text : decibels.read(text, lenient)),
  write: String,
};

/** Digits that can be generated (§9.7.2). */
export const dtmfDigits = matching('digits 0-9 A-D * #', /^[0-9a-dA-D#*]+$/);

/** A single key. */
export const dtmfKey = matching('one of 0-9 A-D * #', /^[0-9a-dA-D#*]$/);

/** The place of a region: pixels or per cent (§8.7.2). */
export const regionPosition = matching('pixels or per cent', /^([0-9]*\.)?[0-9]+%?$/);

/** The size of a region: a fraction of the root window (§8.7.2). */
export const relativeSize = matching('a fraction', /^([0-9]+\/[0-9]+|[0-9]*\.?[0-9]+%?)$/);

/** 0 to 1, lower is in front (§8.7.2). */
export const priority: Datatype<string> = {
  expected: 'a number from 0 to 1',
  read: (text) => (/^([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text) && Number(text) <= 1 ? text : undefined),
  write: String,
};

/** The sizes of the root window (§8.7.1), with those that media servers add. */
export const rootSize = oneOf('SQCIF', 'QCIF', 'CIF', '4CIF', '16CIF', 'VGA', '720p');

/** A fax terminal's identifier (§9.12.1). */
export const faxTerminalId = matching('1 to 20 digits, + * - or spaces', /^[0-9+*\- ]{1,20}$/);

export const faxSpeed = oneOf('2400', '4800', '7200', '9600', '12000', '14400');

export const mediaKind = oneOf('audio', 'video');
export const streamDirection = oneOf('from-id1', 'to-id1');
export const deleteWhen = oneOf('nomedia', 'nocontrol', 'never');
