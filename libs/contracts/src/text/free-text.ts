import { z } from 'zod';

/** C0, DEL, C1 (U+0085 is a line break to some), the two Unicode line separators, halves of surrogate pairs. */
const WITHOUT_CONTROLS = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]*$/u;

/**
 * Whether a text becomes a line break when a careless writer keeps the low byte of each character only:
 * U+010D U+010A is CR LF then. Such a pair means no good in any language.
 */
export function narrowsToLineBreak(text: string): boolean {
  for (let i = 1; i < text.length; i += 1) {
    if ((text.charCodeAt(i - 1) & 0xff) === 0x0d && (text.charCodeAt(i) & 0xff) === 0x0a) return true;
  }
  return false;
}

/** One line of text that people read: any language, `maxCharacters` at most, nothing that ends or splits a line. */
export const freeText = (maxCharacters: number) =>
  z
    .string()
    .max(maxCharacters)
    .regex(WITHOUT_CONTROLS, 'must not contain control characters or line breaks')
    .refine((text) => !narrowsToLineBreak(text), 'must not contain characters that narrow to a line break');
