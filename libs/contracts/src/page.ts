import { z } from 'zod';

/** An opaque position in a list or in the event log. */
export const cursorText = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_.:-]*$/, 'expected a cursor as an earlier page gave it');

export const pageLimit = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual);

/** A page of a list (`has_more` says whether `next_cursor` leads on). */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    data: z.array(item),
    next_cursor: z.string().nullable(),
    has_more: z.boolean(),
  });
