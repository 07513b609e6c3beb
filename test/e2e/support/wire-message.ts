/** A SIP message as it stands on the wire, read by other code than the product's. */
export interface WireMessage {
  readonly startLine: string;
  /** 0 for a request. */
  readonly status: number;
  /** Empty for a response. */
  readonly method: string;
  /** Name in lower case, value without blanks around it; one entry per line. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const COMPACT: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
};

export function readWire(bytes: Buffer): WireMessage {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = (end < 0 ? text : text.slice(0, end)).replace(/\r\n[ \t]+/g, ' ');
  const [startLine = '', ...lines] = head.split('\r\n');
  const isResponse = startLine.startsWith('SIP/2.0 ');
  return {
    startLine,
    status: isResponse ? Number(startLine.slice(8, 11)) : 0,
    method: isResponse ? '' : startLine.slice(0, startLine.indexOf(' ')),
    headers: lines.map((line) => {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      return [COMPACT[name] ?? name, line.slice(colon + 1).trim()] as const;
    }),
    body: end < 0 ? '' : text.slice(end + 4),
  };
}

export const headersOf = ({ headers }: WireMessage, name: string): string[] =>
  headers.filter(([each]) => each === name.toLowerCase()).map(([, value]) => value);

export const headerOf = (message: WireMessage, name: string): string => headersOf(message, name)[0] ?? '';

export const tagOf = (value: string): string => /;\s*tag=([^;\s]+)/i.exec(value)?.[1] ?? '';

export const uriIn = (value: string): string => /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '';

/** Lines of a message, CRLF between them; what stands in them is not looked at. */
export function writeWire(startLine: string, headers: readonly string[], body: Buffer | string = ''): Buffer {
  return Buffer.concat([
    Buffer.from(`${[startLine, ...headers].join('\r\n')}\r\n\r\n`, 'latin1'),
    typeof body === 'string' ? Buffer.from(body) : body,
  ]);
}
