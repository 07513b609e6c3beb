import { z } from 'zod';

const MAX_URL = 2048;

/** Names come as they are into `file:` URIs of the media server: no way up, no escape, no query. */
const fileName = z
  .string()
  .max(255)
  .regex(
    /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/,
    'expected a relative path of letters, digits, _ . -',
  );

function isFetchable(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return isWeb && url.username === '' && url.password === '' && /^[!-~]+$/.test(text);
}

const spokenValue = z
  .strictObject({
    as: z.enum(['digits', 'number', 'date', 'time', 'weekday', 'money', 'duration', 'silence']),
    value: z
      .string()
      .regex(/^[A-Za-z0-9.,:*#+ -]{1,64}$/, 'expected 1 to 64 letters, digits or . , : * # + - and blanks'),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/, 'expected a language tag (RFC 5646)')
      .optional(),
  })
  .meta({ description: 'A value that the media server speaks (RFC 5707 §9.7.1.4); not every one can.' });

/** Something that can be played to a party. */
export const promptSourceSchema = z
  .union([
    z.strictObject({ file: fileName.meta({ description: 'Below the prompts folder of the media server.' }) }),
    z.strictObject({
      url: z
        .string()
        .max(MAX_URL)
        .refine(isFetchable, 'expected an http: or https: URL without credentials')
        .meta({ description: 'Fetched by the media server.' }),
    }),
    z.strictObject({ say: spokenValue }),
    z.strictObject({ silence_ms: z.int().min(20).max(60_000) }),
  ])
  .meta({ description: 'A file, a document of the web, a spoken value, or silence.' });

const MAX_SOURCES = 32;

/** What is played, one after the other. */
export const promptSources = z.array(promptSourceSchema).min(1).max(MAX_SOURCES);
