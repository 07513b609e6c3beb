import { decimal, quote } from '../characters';
import type { Headers } from '../headers';
import { readTokenWithParams } from './token-with-params';

/** One Reason value (RFC 3326 §2): why a request was sent, in the words of `protocol`. */
export interface ReasonValue {
  /** `SIP`, `Q.850`, or another registered name, as it came. */
  readonly protocol: string;
  readonly cause?: number;
  readonly text?: string;
}

/** undefined when malformed. */
export function decodeReason(text: string): ReasonValue | undefined {
  const read = readTokenWithParams(text);
  if (!read) return undefined;
  const cause = decimal(read.params.get('cause') ?? '');
  const phrase = read.params.get('text');
  return {
    protocol: read.token,
    ...(cause === undefined ? {} : { cause }),
    ...(phrase === undefined ? {} : { text: phrase }),
  };
}

/** The first value of `protocol` in a message. */
export function reasonOf(headers: Headers, protocol: string): ReasonValue | undefined {
  const wanted = protocol.toLowerCase();
  for (const value of headers.getAll('Reason')) {
    const reason = decodeReason(value);
    if (reason?.protocol.toLowerCase() === wanted) return reason;
  }
  return undefined;
}

/** Throws TypeError when the text has control characters. */
export function encodeReason(value: ReasonValue): string {
  const cause = value.cause === undefined ? '' : `;cause=${value.cause}`;
  return value.protocol + cause + (value.text === undefined ? '' : `;text=${quote(value.text)}`);
}
