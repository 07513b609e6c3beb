/**
 * What becomes of a message that arrives in a datagram: a status, or a list of those that are as good, `callee` when the
 * call reaches its callee (who is busy: 486), or nothing.
 */
export type Outcome = number | readonly number[] | 'callee' | 'nothing';

/** What a REGISTER of a user of any domain is answered, as long as no credentials are asked for. */
const REGISTERED: Outcome = 200;

/** File, section, what happens over UDP, and why. */
export const OUTCOMES_OVER_UDP: readonly (readonly [
  file: string,
  section: string,
  outcome: Outcome,
  why: string,
])[] = [
  ['wsinv', '3.1.1.1', 481, 'its To tag names a dialog that there is not'],
  ['intmeth', '3.1.1.2', 501, 'nobody knows the method'],
  ['esc01', '3.1.1.3', 'callee', 'an INVITE to sips:user@example.com at example.net'],
  ['escnull', '3.1.1.4', REGISTERED, 'a REGISTER'],
  ['esc02', '3.1.1.5', 501, 'a method is not unescaped'],
  ['lwsdisp', '3.1.1.6', 200, 'an OPTIONS'],
  ['longreq', '3.1.1.7', 'callee', 'an INVITE'],
  ['dblreq', '3.1.1.8', REGISTERED, 'a REGISTER; what follows it in the datagram is ignored'],
  ['semiuri', '3.1.1.9', 200, 'an OPTIONS'],
  ['transports', '3.1.1.10', 200, 'an OPTIONS, whatever the other hops spoke'],
  ['mpart01', '3.1.1.11', [405, 415], 'a MESSAGE outside of a call'],
  ['unreason', '3.1.1.12', 'nothing', 'a response to nothing'],
  ['noreason', '3.1.1.13', 'nothing', 'a response to nothing'],
  ['badinv01', '3.1.2.1', 400, 'empty parameters'],
  ['clerr', '3.1.2.2', 400, 'the body ends early'],
  ['ncl', '3.1.2.3', 400, 'a negative length'],
  ['scalar02', '3.1.2.4', 400, 'numbers too large'],
  ['scalarlg', '3.1.2.5', 'nothing', 'a malformed response'],
  ['quotbal', '3.1.2.6', 400, 'an open quote'],
  ['ltgtruri', '3.1.2.7', 400, 'brackets around the Request-URI'],
  ['lwsruri', '3.1.2.8', 400, 'a blank inside the Request-URI'],
  ['lwsstart', '3.1.2.9', 400, 'two blanks in the request line'],
  ['trws', '3.1.2.10', 400, 'blanks at the end of the request line'],
  ['escruri', '3.1.2.11', 400, 'headers in the Request-URI'],
  ['baddate', '3.1.2.12', 'callee', 'nobody reads the Date'],
  ['regbadct', '3.1.2.13', 400, 'a REGISTER whose Contact needs brackets'],
  ['badaspec', '3.1.2.14', 400, 'blanks inside the brackets of To'],
  ['baddn', '3.1.2.15', 400, 'a comma in a display name'],
  ['baddn-terminated', '3.1.2.15', 400, 'the same with its blank line'],
  ['badvers', '3.1.2.16', 505, 'another version'],
  ['mismatch01', '3.1.2.17', 400, 'another method in CSeq'],
  ['mismatch02', '3.1.2.18', 501, 'an unknown method, and another in CSeq'],
  ['bigcode', '3.1.2.19', 'nothing', 'a malformed response'],
  ['badbranch', '3.2.1', 400, 'a branch that is the cookie and nothing more'],
  ['insuf', '3.3.1', 400, 'no Call-ID, From and To'],
  ['unkscm', '3.3.2', 416, 'an unknown scheme'],
  ['novelsc', '3.3.3', 416, 'a scheme that leads to no user agent'],
  ['unksm2', '3.3.4', 400, 'a REGISTER for what can not be registered'],
  ['bext01', '3.3.5', 420, 'extensions that nobody knows'],
  ['invut', '3.3.6', 415, 'a body of an unknown type'],
  ['regaut01', '3.3.7', REGISTERED, 'credentials that nobody asked for are ignored'],
  ['multi01', '3.3.8', 400, 'single fields twice'],
  ['mcl01', '3.3.9', 400, 'two lengths'],
  ['bcast', '3.3.10', 'nothing', 'a response with a Via that is not ours'],
  ['zeromf', '3.3.11', 200, 'an OPTIONS to us goes no further'],
  ['cparam01', '3.3.12', REGISTERED, 'a REGISTER'],
  ['cparam02', '3.3.13', REGISTERED, 'a REGISTER'],
  ['regescrt', '3.3.14', REGISTERED, 'a REGISTER'],
  ['sdp01', '3.3.15', [400, 406], 'it would not take a session description'],
  ['inv2543', '3.4.1', 'callee', 'an INVITE of RFC 2543'],
  ['test', 'archive only', 'nothing', 'no version, and no Via to answer along'],
];
