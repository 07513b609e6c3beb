import { isBlankCode, skipBlanks } from '../characters';
import type { CSeqValue } from './cseq';
import { decodeCSeq, encodeCSeq } from './cseq';
import { decodeRSeq } from './rseq';

/** RAck (RFC 3262 §7.2): the RSeq and CSeq of the response that is acknowledged. */
export interface RAckValue {
  readonly responseNumber: number;
  readonly cseq: CSeqValue;
}

/** undefined when malformed. */
export function decodeRAck(text: string): RAckValue | undefined {
  let space = 0;
  while (space < text.length && !isBlankCode(text.charCodeAt(space))) space++;
  const responseNumber = decodeRSeq(text.slice(0, space));
  const cseq = decodeCSeq(text.slice(skipBlanks(text, space)));
  return responseNumber === undefined || !cseq ? undefined : { responseNumber, cseq };
}

export const encodeRAck = (value: RAckValue): string => `${value.responseNumber} ${encodeCSeq(value.cseq)}`;
