import { COLON, isDigitCode, isHostCode, skipBlanks } from './characters';
import { parseIpv6 } from './ipv6-address';

const OPEN_BRACKET = 0x5b;
const MAX_PORT = 65_535;

/** What {@link readHostPort} read; one shared record: copy what you need before the next call. `end` is -1 when malformed. */
export const hostPort: { host: string; port: number | undefined; end: number } = {
  host: '',
  port: undefined,
  end: -1,
};

function readHost(text: string, at: number): number {
  if (at < text.length && text.charCodeAt(at) === OPEN_BRACKET) {
    const close = text.indexOf(']', at);
    const inner = close < 0 || close - at > 48 ? '' : text.slice(at + 1, close);
    if (!parseIpv6(inner)) return -1;
    hostPort.host = inner;
    return close + 1;
  }
  let i = at;
  while (i < text.length && isHostCode(text.charCodeAt(i))) i++;
  if (i === at) return -1;
  hostPort.host = text.slice(at, i);
  return i;
}

function readPort(text: string, at: number): number {
  let i = at;
  let port = 0;
  while (i < text.length && isDigitCode(text.charCodeAt(i))) {
    port = port * 10 + text.charCodeAt(i) - 0x30;
    if (port > MAX_PORT) return -1;
    i++;
  }
  hostPort.port = port;
  return i === at ? -1 : i;
}

/** Reads `host[:port]` at `at` into {@link hostPort}; with `blanks`, LWS may stand around the colon as in Via (RFC 3261 §25.1 sent-by). */
export function readHostPort(text: string, at: number, blanks: boolean): number {
  hostPort.port = undefined;
  let end = readHost(text, at);
  if (end >= 0) {
    const colon = blanks ? skipBlanks(text, end) : end;
    if (colon < text.length && text.charCodeAt(colon) === COLON) {
      end = readPort(text, blanks ? skipBlanks(text, colon + 1) : colon + 1);
    }
  }
  hostPort.end = end;
  return end;
}
