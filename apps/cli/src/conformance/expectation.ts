import type { MsmlOutcome } from '@legato/msml';

/** The server did not do what the section asks for. */
export class Unmet extends Error {
  override readonly name = 'Unmet';
}

/** Throws {@link Unmet} when `holds` is false; `what` says what should have been. */
export function expect(what: string, holds: boolean): void {
  if (!holds) throw new Unmet(what);
}

/** The request was carried out. */
export function accepted(what: string, outcome: MsmlOutcome): MsmlOutcome {
  if (!outcome.ok) throw new Unmet(`${what} is carried out, not ${told(outcome)}`);
  return outcome;
}

/** The request was refused, with one of these response codes when some are named (§11). */
export function refused(what: string, outcome: MsmlOutcome, codes: readonly string[] = []): void {
  const named = codes.length === 0 || codes.includes(outcome.response ?? '');
  const wanted = codes.length === 0 ? '' : ` with ${codes.join(' or ')}`;
  if (outcome.ok || !named) throw new Unmet(`${what} is refused${wanted}, not ${told(outcome)}`);
}

const told = ({ ok, sipStatus, response, description }: MsmlOutcome): string =>
  `answered ${response ?? `SIP ${sipStatus}`}${ok || description === undefined ? '' : ` (${description})`}`;

/** Both lists have the same numbers. */
export function hears(who: string, heard: readonly number[], wanted: readonly number[]): void {
  const text = (tones: readonly number[]): string =>
    tones.length === 0 ? 'nothing' : `${tones.join(' and ')} Hz`;
  const same = heard.length === wanted.length && wanted.every((tone) => heard.includes(tone));
  if (!same) throw new Unmet(`${who} hears ${text(wanted)}, not ${text(heard)}`);
}
