/** Items of MSML events that hold what a caller keyed (RFC 5707 §9.7.5). */
const DIGIT_ITEMS = ['dtmf.digits', 'dtmf.last', 'collect.digits'];
const KEYED_BODIES = ['application/dtmf-relay', 'application/dtmf'];

/**
 * The message with everything that a caller keyed as asterisks, its length as it was: a PIN must not be read in a trace.
 */
export function maskDigits(message: Buffer): Buffer {
  const text = message.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0 || end + 4 >= text.length) return message;
  const head = text.slice(0, end).toLowerCase();
  const body = text.slice(end + 4);
  const masked = KEYED_BODIES.some((type) => head.includes(type)) ? maskKeys(body) : maskItems(body);
  return masked === body ? message : Buffer.from(text.slice(0, end + 4) + masked, 'latin1');
}

/** `Signal=5`, or the key alone. */
function maskKeys(body: string): string {
  const at = body.toLowerCase().indexOf('signal=');
  if (at < 0) return '*'.repeat(body.length);
  const from = at + 'signal='.length;
  const lineEnd = body.indexOf('\n', from);
  const to = lineEnd < 0 ? body.length : lineEnd;
  return body.slice(0, from) + stars(body.slice(from, to)) + body.slice(to);
}

/** `<name>dtmf.digits</name> <value>1234</value>` */
function maskItems(body: string): string {
  let masked = body;
  for (const item of DIGIT_ITEMS) {
    let at = masked.indexOf(`>${item}<`);
    while (at >= 0) {
      const from = masked.indexOf('<value>', at) + '<value>'.length;
      const to = masked.indexOf('</value>', from);
      if (from < '<value>'.length || to < 0) break;
      masked = masked.slice(0, from) + stars(masked.slice(from, to)) + masked.slice(to);
      at = masked.indexOf(`>${item}<`, to);
    }
  }
  return masked;
}

const stars = (text: string): string =>
  [...text].map((character) => (character === '\r' ? character : '*')).join('');
