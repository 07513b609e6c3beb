import { z } from 'zod';

export const MAX_URI_CHARACTERS = 256;

/**
 * The characters of a `sip:` URI (RFC 3261 §25.1) without a header part: no quotes, angle brackets, blanks or
 * controls, also none behind a percent sign, and nothing beyond ASCII.
 */
const SIP_URI_TEXT =
  /^sip:(?:[A-Za-z0-9\-_.!~*'()&=+$,;/:@[\]]|%[2-6][0-9A-Fa-f]|%7[0-9A-Ea-e]|%[89A-Fa-f][0-9A-Fa-f])+$/;

/** The shape of a SIP URI that may go into a Request-URI, From or To; whether it parses is for the SIP library to say. */
export const sipUriText = z
  .string()
  .max(MAX_URI_CHARACTERS)
  .regex(
    SIP_URI_TEXT,
    'expected a SIP URI such as sip:alice@example.com: ASCII without blanks, quotes, brackets, controls or a header part',
  )
  .meta({ examples: ['sip:1000@127.0.0.1:6000'] });
