import type { Response } from 'express';

const SHOWN_ONCE = 'shownOnce';

/** Says that a member of the answer is a secret: it is not kept with the Idempotency-Key. */
export function showOnce(response: Response, member: string): void {
  response.locals[SHOWN_ONCE] = member;
}

/** The answer as it may be kept. */
export function keepable(response: Response, body: unknown): unknown {
  const member: unknown = response.locals[SHOWN_ONCE];
  if (typeof member !== 'string' || typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}
