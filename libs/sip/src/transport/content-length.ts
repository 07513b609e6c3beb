import { decimal, HTAB, SP, trimBlanks } from '../message/characters';
import { headerNameOf } from '../message/header-names';
import { MAX_MESSAGE_BYTES } from '../message/limits';

const NAME = 'Content-Length';
const MAX_NAME = 24;

/** Where the value of a Content-Length line begins; -1 for another line. */
function valueAt(line: string): number {
  if (isFold(line, 0)) return -1;
  const colon = line.indexOf(':');
  if (colon < 1 || colon > MAX_NAME) return -1;
  return headerNameOf(trimBlanks(line.slice(0, colon)))?.name === NAME ? colon + 1 : -1;
}

/**
 * The body length a message on a stream promises (RFC 3261 §18.3, §20.14), by its head without the final blank line; the fault
 * when the field is missing, doubled, no plain number or beyond any message. Folded values are joined (§7.3.1).
 */
export function streamContentLength(head: string): number | string {
  let found: string | undefined;
  for (let at = lineEnd(head, 0); at < head.length;) {
    const next = lineEnd(head, at);
    const line = content(head, at);
    const from = valueAt(line);
    at = next;
    if (from < 0) continue;
    if (found !== undefined) return `More than one ${NAME}`;
    found = line.slice(from);
    for (; isFold(head, at); at = lineEnd(head, at)) found += content(head, at);
  }
  if (found === undefined) return `Missing ${NAME}`;
  return decimal(trimBlanks(found), MAX_MESSAGE_BYTES) ?? `Malformed ${NAME}`;
}

const isFold = (head: string, at: number): boolean => {
  const code = head.charCodeAt(at);
  return code === SP || code === HTAB;
};

function lineEnd(head: string, at: number): number {
  const end = head.indexOf('\r\n', at);
  return end < 0 ? head.length : end + 2;
}

function content(head: string, at: number): string {
  const end = head.indexOf('\r\n', at);
  return head.slice(at, end < 0 ? head.length : end);
}
