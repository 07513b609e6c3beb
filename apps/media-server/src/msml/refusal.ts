import type { MsmlResponseCode } from '@legato/msml';
import { responseText } from '@legato/msml';

/** Why an operation is not carried out: a code of RFC 5707 §11 and a text. */
export interface Refusal {
  readonly response: MsmlResponseCode;
  readonly description: string;
}

export const refuse = (response: MsmlResponseCode, detail: string): Refusal => ({
  response,
  description: `${responseText(response)}: ${detail}`,
});

/** The first refusal among several checks, which run in order and no further than that. */
export function firstRefusal<T>(
  items: readonly T[],
  check: (item: T) => Refusal | undefined,
): Refusal | undefined {
  for (const item of items) {
    const refusal = check(item);
    if (refusal) return refusal;
  }
  return undefined;
}
