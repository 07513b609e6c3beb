import { HTAB, isTokenCode, SP, trimBlanks } from './characters';
import { headerNameOf } from './header-names';
import { MAX_LINE_BYTES, MAX_VIAS } from './limits';
import type { Salvage } from './sip-message';

const MAX_LINES = 512;
const WANTED: Readonly<Record<string, 'from' | 'to' | 'callId' | 'cseq'>> = {
  From: 'from',
  To: 'to',
  'Call-ID': 'callId',
  CSeq: 'cseq',
};

/** Head lines, continuation lines joined, up to the blank line or the limits. */
function headLines(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < MAX_LINES;) {
    const end = text.indexOf('\r\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 2;
    const first = line.charCodeAt(0);
    if (line === '') {
      if (lines.length > 0) break;
    } else if ((first === SP || first === HTAB) && lines.length > 1) {
      const previous = lines.pop() as string;
      // A line beyond the limit is useless: more is not appended, so that folds cost no more than their length.
      lines.push(previous.length > MAX_LINE_BYTES ? previous : `${previous} ${trimBlanks(line)}`);
    } else lines.push(line);
  }
  return lines;
}

function isClean(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < SP && code !== HTAB) return false;
  }
  return value !== '';
}

function methodOf(requestLine: string): string | undefined {
  let i = 0;
  while (i < requestLine.length && isTokenCode(requestLine.charCodeAt(i))) i++;
  return i > 0 && i < MAX_LINE_BYTES ? requestLine.slice(0, i) : undefined;
}

/** Canonical name and value of a line that could be written again. */
function readLine(line: string): { name: string; value: string } | undefined {
  const colon = line.indexOf(':');
  if (colon < 0 || line.length > MAX_LINE_BYTES) return undefined;
  const name = headerNameOf(trimBlanks(line.slice(0, colon)))?.name;
  const value = trimBlanks(line.slice(colon + 1));
  return name === undefined || !isClean(value) ? undefined : { name, value };
}

/** What a broken request still says of the way back to its sender; the first field of each kind counts. */
export function readSalvage(text: string): Salvage {
  const [requestLine = '', ...lines] = headLines(text);
  const vias: string[] = [];
  const found: { from?: string; to?: string; callId?: string; cseq?: string; method?: string } = {};
  const method = methodOf(requestLine);
  if (method !== undefined) found.method = method;
  for (const line of lines) {
    const field = readLine(line);
    const key = field && WANTED[field.name];
    if (field?.name === 'Via' && vias.length < MAX_VIAS) vias.push(field.value);
    else if (key) found[key] ??= field.value;
  }
  return { vias, ...found };
}
