import type { MsmlOutcome } from '@legato/msml';

/** MSML codes of a server that is there and does not serve (RFC 5707 §11). */
const NOT_IN_SERVICE: readonly string[] = ['503', '510', '511'];
/** SIP statuses that say something of the moment, not of the request. */
const OF_THE_MOMENT: readonly number[] = [408, 480, 481, 486, 491];

/**
 * Whether the outcome of an audit is one of a server that carries out requests. Many do not know audit, and say so in many ways:
 * that is an answer.
 */
export function speaksMsml({ response, sipStatus }: Pick<MsmlOutcome, 'response' | 'sipStatus'>): boolean {
  if (response !== undefined) return !NOT_IN_SERVICE.includes(response);
  return sipStatus < 500 && !OF_THE_MOMENT.includes(sipStatus);
}

/** Whether a refusal of a dialog without media will be the same the next time. */
export function refusesForGood(status: number): boolean {
  return status >= 400 && status < 500 ? !OF_THE_MOMENT.includes(status) : status === 501 || status >= 600;
}
