/** What a command was answered, stored in the same write as what it did. */
export interface CommandAnswer {
  /** Command and step. */
  readonly step: string;
  /** Wall time in milliseconds. */
  readonly at: number;
  readonly answer: unknown;
}

/** A snapshot that knows the commands it has carried out. */
export interface Answering {
  /** The last of them; a client asks again within minutes if at all. */
  answers?: readonly CommandAnswer[];
}

const MAX_ANSWERS = 8;
const KEPT_MS = 10 * 60_000;

export function answerOf({ answers }: Answering, step: string): CommandAnswer | undefined {
  return answers?.find((known) => known.step === step);
}

export function keepAnswer(snapshot: Answering, step: string, at: number, answer: unknown): void {
  const recent = (snapshot.answers ?? []).filter((known) => known.at > at - KEPT_MS);
  snapshot.answers = [...recent, { step, at, answer: structuredClone(answer) }].slice(-MAX_ANSWERS);
}

/** A command that was refused has done nothing: it may be tried again. */
export function isRefusal(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
