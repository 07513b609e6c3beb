import { decimal, isDigitCode, isTokenCode, SLASH, SP } from './characters';
import { internMethod } from './methods';
import { SipUri } from './sip-uri';

const VERSION = 'SIP/2.0';

/** What {@link readStartLine} read: a request when `method` is not empty. */
export interface StartLine {
  method: string;
  uri: SipUri | undefined;
  requestUri: string;
  status: number;
  reason: string;
}

/** Why a start line was refused. */
export interface StartLineFault {
  readonly status: 400 | 505;
  readonly text: string;
}

const fault = (text: string): StartLineFault => ({ status: 400, text });
const wrongVersion: StartLineFault = { status: 505, text: 'Version Not Supported' };

/** True when the line at `at` begins as a status line does. */
export function isStatusLine(text: string, at: number): boolean {
  return text.charCodeAt(at + 3) === SLASH && text.slice(at, at + 3).toUpperCase() === 'SIP';
}

function isVersion(text: string): boolean {
  return text === VERSION || text.toUpperCase() === VERSION;
}

/** `SIP/7.0` and the like: a SIP message, but not one of ours (RFC 3261 §7.1, RFC 4475 §3.1.2.16). */
function isOtherVersion(text: string): boolean {
  if (!isStatusLine(text, 0)) return false;
  const dot = text.indexOf('.');
  if (dot < 5 || dot === text.length - 1) return false;
  for (let i = 4; i < text.length; i++) if (i !== dot && !isDigitCode(text.charCodeAt(i))) return false;
  return true;
}

/** Reads `text` into `line`; the fault when it is no start line. */
export function readStartLine(text: string, line: StartLine): StartLineFault | undefined {
  return isStatusLine(text, 0) ? readStatusLine(text, line) : readRequestLine(text, line);
}

/** `SIP/2.0 SP 3DIGIT SP reason` (RFC 3261 §7.2); the reason, and the space before it, may be missing. */
function readStatusLine(text: string, line: StartLine): StartLineFault | undefined {
  const space = VERSION.length;
  if (!isVersion(text.slice(0, space)) || text.charCodeAt(space) !== SP) return wrongVersion;
  const after = space + 4;
  const status = decimal(text.slice(space + 1, after), 699);
  if (status === undefined || status < 100) return fault('Status out of range');
  if (after < text.length && text.charCodeAt(after) !== SP) return fault('Malformed status');
  line.status = status;
  line.reason = text.slice(after + 1);
  return undefined;
}

/** `Method SP Request-URI SP SIP/2.0` with single spaces and none at the end (RFC 3261 §7.1). */
function readRequestLine(text: string, line: StartLine): StartLineFault | undefined {
  let i = 0;
  while (i < text.length && isTokenCode(text.charCodeAt(i))) i++;
  if (i === 0 || text.charCodeAt(i) !== SP) return fault('Malformed method');
  const space = text.indexOf(' ', i + 1);
  const version = text.slice(space + 1);
  if (space < 0 || !isVersion(version))
    return isOtherVersion(version) ? wrongVersion : fault('Malformed request line');
  line.requestUri = text.slice(i + 1, space);
  line.uri = SipUri.parse(line.requestUri);
  // A header part is not allowed in a Request-URI (RFC 3261 §19.1.1, RFC 4475 §3.1.2.11).
  if (!line.uri || line.uri.headers !== undefined) return fault('Malformed Request-URI');
  line.method = internMethod(text.slice(0, i));
  return undefined;
}
