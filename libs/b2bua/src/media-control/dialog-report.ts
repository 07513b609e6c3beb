import type { MsmlDialogResult, MsmlOutcome, NameValue } from '@legato/msml';

/** Why media work failed; `code` is of the catalogue of failures. */
export interface MediaFailure {
  code: string;
  detail: string;
}

/** RFC 5707 §11: names are ours alone, so an object that has one is the one we asked for. */
const DIALOG_NAME_IN_USE = '431';

/** Whether a dialogstart is done: answered so, or carried out when it was sent before. */
export const isStarted = (outcome: MsmlOutcome): boolean =>
  outcome.ok || outcome.response === DIALOG_NAME_IN_USE;

/** The last value that was reported under `name`: names may come again. */
export function reported(values: readonly NameValue[], name: string): string | undefined {
  return values.findLast((pair) => pair.name === name)?.value;
}

/** Accepted by SIP, with no word of what became of it; so is the copy of a request that was answered before a take-over. */
const isUnknown = ({ response, sipStatus }: MsmlOutcome): boolean =>
  response === undefined && sipStatus >= 200 && sipStatus < 300;

/** How a media server refused a request. */
export const refusalOf = (outcome: MsmlOutcome): MediaFailure => ({
  code: isUnknown(outcome) ? 'outcome_unknown' : 'media_server_refused',
  detail: `MSML ${outcome.response ?? `SIP ${outcome.sipStatus}`}: ${outcome.description ?? 'no description'}`,
});

/** The failure that a dialog reported when it ended (RFC 5707 §9.6.1, §7.4). */
export function failureOf({ ok, status, description }: MsmlDialogResult): MediaFailure | undefined {
  if (ok) return undefined;
  return { code: 'media_server_failed', detail: `MSML ${status ?? ''}: ${description ?? ''}`.trim() };
}
