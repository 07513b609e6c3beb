import { decimal, isBlankCode, isToken, skipBlanks } from '../characters';

/** CSeq (RFC 3261 §20.16): a 32-bit number and the method, which is case-sensitive. */
export interface CSeqValue {
  readonly number: number;
  readonly method: string;
}

/** undefined when malformed or above 2^32 - 1. */
export function decodeCSeq(text: string): CSeqValue | undefined {
  let end = 0;
  while (end < text.length && !isBlankCode(text.charCodeAt(end))) end++;
  const number = decimal(text.slice(0, end));
  const method = text.slice(skipBlanks(text, end));
  return number === undefined || !isToken(method) ? undefined : { number, method };
}

export const encodeCSeq = (cseq: CSeqValue): string => `${cseq.number} ${cseq.method}`;
