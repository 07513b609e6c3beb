import type { MsmlDocument, MsmlOperation } from '@legato/msml';
import { decodeMsml, isMsmlContentType } from '@legato/msml';
import type { SipMessage } from '@legato/sip';
import { parseDatagram } from '@legato/sip';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const IP_UDP_BYTES = 28;
const SOURCE_PORT_AT = 20;
const COLUMN = 26;

interface Traced {
  readonly atMs: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly message: SipMessage;
}

/** The SIP messages of a capture file of the control plane. */
export function messagesOf(capture: Buffer): Traced[] {
  const found: Traced[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + RECORD_HEADER_BYTES <= capture.length) {
    const length = capture.readUInt32LE(at + 8);
    const packet = capture.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    const parsed = parseDatagram(Buffer.from(packet.subarray(IP_UDP_BYTES)));
    if (parsed.ok)
      found.push({
        atMs: capture.readUInt32LE(at) * 1000 + capture.readUInt32LE(at + 4) / 1000,
        fromPort: packet.readUInt16BE(SOURCE_PORT_AT),
        toPort: packet.readUInt16BE(SOURCE_PORT_AT + 2),
        message: parsed.message,
      });
    at += RECORD_HEADER_BYTES + length;
  }
  return found;
}

/** Who stands at which port, from left to right. */
export type Cast = readonly { readonly name: string; readonly port: number }[];

/** The messages between these ports in a stretch of time, each as an arrow, with what MSML says beneath. */
export function ladder(capture: Buffer, cast: Cast, fromMs: number, toMs: number): string[] {
  const column = (port: number): number => cast.findIndex((each) => each.port === port);
  const lines = [cast.map(({ name }) => name.padEnd(COLUMN)).join('')];
  for (const { atMs, fromPort, toPort, message } of messagesOf(capture)) {
    const [from, to] = [column(fromPort), column(toPort)];
    if (atMs < fromMs || atMs > toMs || from < 0 || to < 0 || from === to) continue;
    if (message.cseq.method === 'OPTIONS') continue;
    lines.push(arrow(from, to, cast.length, titleOf(message)));
    const said = msmlOf(message);
    if (said !== undefined) lines.push(`${' '.repeat(Math.min(from, to) * COLUMN + 4)}${said}`);
  }
  return lines;
}

const titleOf = (message: SipMessage): string =>
  message.kind === 'request' ? message.method : `${message.status} (${message.cseq.method})`;

function arrow(from: number, to: number, columns: number, title: string): string {
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const width = (right - left) * COLUMN - 1;
  const text = ` ${title} `;
  const line = text.padStart(text.length + 3, '─').padEnd(width - 1, '─');
  const shaft = from < to ? `${line}▶` : `◀${line}`;
  const rest = Array.from({ length: columns - right - 1 }, () => '│'.padStart(COLUMN)).join('');
  return `${'│'.padEnd(COLUMN).repeat(left)}│${shaft}│${rest}`;
}

/** What the MSML in a message does, in a few words. */
function msmlOf({ contentType, body }: SipMessage): string | undefined {
  if (contentType === undefined || !isMsmlContentType(contentType)) return undefined;
  const decoded = decodeMsml(body, { mode: 'lenient' });
  return decoded.ok ? wordsOf(decoded.value) : undefined;
}

function wordsOf(document: MsmlDocument): string {
  if (document.kind === 'event')
    return `event ${document.event.name} ${document.event.values.map(({ name, value }) => `${name}=${value}`).join(' ')}`;
  if (document.kind === 'result') return `result ${document.result.response}`;
  return document.operations.map(phraseOf).join(' ');
}

/** An operation with what tells it from others of its kind. */
function phraseOf(operation: MsmlOperation): string {
  if (operation.element === 'send') return `<send ${operation.event}>`;
  if (operation.element !== 'dialogstart') return `<${operation.element}>`;
  return `<dialogstart ${operation.content.map(({ element }) => element).join(' ')}>`;
}
