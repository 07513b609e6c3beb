/** The longest string value that reaches a log line, in characters; the rest is counted, not shown. */
export const MAX_VALUE_CHARACTERS = 2048;
const MAX_DEPTH = 5;
const MAX_ITEMS = 50;
const REDACTED = '[redacted]';

const SECRET_NAME =
  /^(?:(?:proxy[-_]?)?authorization|pass(?:word|wd|phrase)|secret|credentials?|(?:set[-_]?)?cookie|(?:x[-_]?)?api[-_]?keys?|(?:access|refresh|bearer)[-_]?token)$/i;
/** A credential inside of longer text: a header line of a dumped message, a bearer token, the userinfo of a URL. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b((?:Proxy-)?Authorization[ \t]*:)[^\r\n]*/gi, `$1 ${REDACTED}`],
  [/\b(Bearer[ \t]+)[A-Za-z0-9._~+/=-]+/gi, `$1${REDACTED}`],
  [/(\b(?:rediss?|https?):\/\/)[^\s/@]*@/gi, `$1${REDACTED}@`],
];
/** Controls that JSON leaves as they are, but a terminal or a line-based collector acts on. */
const UNESCAPED_CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

const visible = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text as it may stand in a log line: no credential, no control that JSON does not escape, 2,048 characters at most. */
export function scrubText(text: string): string {
  // Scrubbed before it is cut, so that no half of a credential stays at the edge.
  const head = text.slice(0, 2 * MAX_VALUE_CHARACTERS);
  const clean = SECRET_TEXT.reduce(
    (value, [pattern, replacement]) => value.replace(pattern, replacement),
    head,
  );
  const safe = clean.replace(UNESCAPED_CONTROL, visible);
  if (text.length <= MAX_VALUE_CHARACTERS && safe.length <= MAX_VALUE_CHARACTERS) return safe;
  const shown = safe.slice(0, MAX_VALUE_CHARACTERS);
  return `${shown}… (${Math.max(0, text.length - shown.length)} more)`;
}

function scrubObject(value: object, depth: number): unknown {
  if (value instanceof Error) {
    return { type: value.name, message: scrubText(value.message), stack: scrubText(value.stack ?? '') };
  }
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Map || value instanceof Set) return scrubValue([...value], depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => scrubValue(item, depth + 1));
  return scrubEntries(value, depth + 1);
}

function scrubValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return scrubText(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return `[function ${value.name}]`;
    case 'object':
      return value === null ? null : scrubObject(value, depth);
    default:
      return value;
  }
}

function scrubEntries(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRET_NAME.test(name) ? REDACTED : scrubValue(value, depth)]),
  );
}

/** The fields of a log line with secrets replaced, values bounded and everything plain JSON. Never throws on cycles: depth is bounded. */
export function scrubFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return scrubEntries(fields, 0);
}
