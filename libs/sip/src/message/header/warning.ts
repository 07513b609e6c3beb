import { decimal, quote, QUOTE, quotedEnd, skipBlanks, unquote } from '../characters';

/** One Warning value (RFC 3261 §20.43). */
export interface WarningValue {
  /** 300 to 399. */
  readonly code: number;
  /** Host, or pseudonym, of who warns. */
  readonly agent: string;
  readonly text: string;
}

/** undefined when malformed. */
export function decodeWarning(text: string): WarningValue | undefined {
  const codeEnd = text.indexOf(' ');
  const code = text.slice(0, Math.max(0, codeEnd));
  const agentAt = skipBlanks(text, codeEnd);
  const agentEnd = text.indexOf(' ', agentAt);
  const textAt = skipBlanks(text, agentEnd);
  const number = code.length === 3 ? decimal(code, 399) : undefined;
  if (codeEnd < 0 || agentEnd < 0 || number === undefined || number < 300) return undefined;
  if (text.charCodeAt(textAt) !== QUOTE || quotedEnd(text, textAt) !== text.length) return undefined;
  return { code: number, agent: text.slice(agentAt, agentEnd), text: unquote(text.slice(textAt)) };
}

/** Throws TypeError when the text has control characters. */
export const encodeWarning = (value: WarningValue): string =>
  `${value.code} ${value.agent} ${quote(value.text)}`;
