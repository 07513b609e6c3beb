import { isUtf8 } from 'node:buffer';
import { CR, LF } from './characters';
import { CoreFields } from './core-fields';
import { HeadScanner } from './head-scanner';
import { MAX_MESSAGE_BYTES } from './limits';
import { isRegisteredMethod } from './methods';
import { readSalvage } from './salvage.parser';
import type { ParseOutcome, SipMessage, SipParseError } from './sip-message';
import { SipRequest } from './sip-request';
import { SipResponse } from './sip-response';
import type { StartLine } from './start-line';
import { isStatusLine, readStartLine } from './start-line';

interface Fault {
  readonly status: SipParseError['status'];
  readonly text: string;
}
const malformed = (text: string): Fault => ({ status: 400, text });

/**
 * A whole datagram (RFC 3261 §18.3), or a whole message that a stream transport has cut out: bytes beyond Content-Length are
 * ignored, too few are a fault. Never throws. Checks the start line and Via, From, To, Call-ID, CSeq, Max-Forwards and
 * Content-Length; other fields are read when they are asked for. What RFC 2543 peers leave out (branch, From tag,
 * Max-Forwards, Content-Length) may be missing. At most {@link MAX_MESSAGE_BYTES}; limits of its parts in limits.ts.
 */
export function parseDatagram(bytes: Buffer): ParseOutcome {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    return refuse({ status: 413, text: 'Message too large' }, bytes.subarray(0, MAX_MESSAGE_BYTES));
  }
  const scanner = new HeadScanner(bytes);
  scanner.skipEmptyLines();
  const fields = new CoreFields();
  const fault = readHead(scanner, fields);
  if (fault) return refuse(fault, bytes);
  const bodyAt = scanner.at;
  const length = fields.contentLength ?? bytes.length - bodyAt;
  if (bodyAt + length > bytes.length) return refuse(malformed('Content-Length exceeds the message'), bytes);
  return { ok: true, message: build(fields, bytes.subarray(bodyAt, bodyAt + length)) };
}

const line: StartLine = { method: '', uri: undefined, requestUri: '', status: 0, reason: '' };

function readHead(scanner: HeadScanner, fields: CoreFields): Fault | undefined {
  line.method = '';
  if (!scanner.readStartLine()) return malformed(scanner.fault);
  const startFault = readStartLine(scanner.value, line);
  if (startFault) return startFault;
  const text = fields.readAll(scanner) ?? fields.missing();
  return text === undefined ? methodFault(fields) : malformed(text);
}

/** CSeq must name the request's method (RFC 3261 §8.1.1.5); for a method nobody knows, 501 says more (RFC 4475 §3.1.2.18). */
function methodFault(fields: CoreFields): Fault | undefined {
  if (line.method === '' || fields.cseq?.method === line.method) return undefined;
  if (isRegisteredMethod(line.method)) return malformed('CSeq method mismatch');
  return { status: 501, text: 'Not Implemented' };
}

function build(fields: CoreFields, body: Buffer): SipMessage {
  if (line.method === '') return new SipResponse(line.status, line.reason, fields.headers, body, fields);
  fields.uri = line.uri;
  return new SipRequest(line.method, line.requestUri, fields.headers, body, fields);
}

function refuse(fault: Fault, bytes: Buffer): ParseOutcome {
  let start = 0;
  while (bytes[start] === CR && bytes[start + 1] === LF) start += 2;
  const blank = bytes.indexOf('\r\n\r\n', start);
  const head = bytes.subarray(start, blank < 0 ? bytes.length : blank);
  const text = head.toString(isUtf8(head) ? 'utf8' : 'latin1');
  const isResponse = isStatusLine(text, 0);
  const base = { ...fault, isResponse };
  return { ok: false, error: isResponse ? base : { ...base, salvage: readSalvage(text) } };
}
