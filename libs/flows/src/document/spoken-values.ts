import { z } from 'zod';
import { placeholderIn } from './placeholder';

/** What can be spoken from segments (MSML var, RFC 5707 §9.7.1.4), and the form that each kind of value has. */
export const SPOKEN_FORMS = {
  digits: /^[0-9*#]{1,64}$/,
  number: /^-?[0-9]{1,12}$/,
  date: /^[0-9]{8}$/,
  time: /^[0-9]{4}(?:[0-9]{2})?$/,
  weekday: /^[1-7]$/,
  money: /^-?[0-9]{1,11}\.[0-9]{2}$/,
  duration: /^[0-9]{1,9}$/,
} as const;

export type SpokenAs = keyof typeof SPOKEN_FORMS;

const SPOKEN = Object.keys(SPOKEN_FORMS) as [SpokenAs, ...SpokenAs[]];

const DESCRIPTION =
  'digits 0 to 9, * and #; a number; a date YYYYMMDD; a time HHMM or HHMMSS; a weekday 1 (Sunday) to 7; money 12.50; a duration in seconds; or {{variable}}.';

/** Whether a value can be spoken as it says. */
export const isSpoken = (as: SpokenAs, value: string): boolean => SPOKEN_FORMS[as].test(value);

export const spokenFields = {
  as: z.enum(SPOKEN),
  value: z.string().min(1).max(64).meta({ description: DESCRIPTION }),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'expected a language tag such as en or pt-BR')
    .optional(),
};

/** A value that is written out has the form of its kind; a placeholder is compared when it is filled. */
export const fitsItsKind = ({ as, value }: { as: SpokenAs; value: string }): boolean =>
  placeholderIn(value) !== undefined || isSpoken(as, value);
