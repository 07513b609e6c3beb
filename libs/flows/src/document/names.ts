import { z } from 'zod';
import { MAX_VALUE_CHARACTERS, MAX_VARIABLES } from './limits';

/** A step of a document. Names begin with a letter, so none is a member that every object has by its prototype chain only. */
export const stepName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'expected a letter and up to 63 letters, digits, dashes, underscores',
  );

export const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected a small letter and up to 31 small letters, digits, underscores');

/** A flow in the address of its resource. */
export const flowName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected 1 to 64 small letters, digits, dashes, underscores');

/** Printable ASCII and beyond, no control characters: values go to applications and come from them. */
export const variableValue = z
  .string()
  .max(MAX_VALUE_CHARACTERS)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, 'must not contain control characters');

export const variables = z
  .record(variableName, variableValue)
  .refine((named) => Object.keys(named).length <= MAX_VARIABLES, `at most ${MAX_VARIABLES} variables`)
  .meta({ maxProperties: MAX_VARIABLES });
