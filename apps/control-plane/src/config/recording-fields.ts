import { z } from 'zod';
import type { S3Settings } from '../recordings-storage/s3-archive';

const MOST_DAYS = 3650;
const MOST_CHARACTERS = 1024;
const EXPECTED_ENDPOINT =
  'expected an http: or https: URL of the service, without path, query or credentials';

const endpointField = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.pathname !== '/' || url.search !== '')
    context.addIssue(EXPECTED_ENDPOINT);
  return url?.origin ?? text;
});

const keyField = z
  .string()
  .max(MOST_CHARACTERS)
  .regex(/^[!-~]+$/, 'expected printable characters');

/** What becomes of recordings. */
export const recordingFields = {
  LEGATO_RECORDING_RETENTION: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'expected a number of days from 1 to 3650')
    .transform(Number)
    .refine((days) => days <= MOST_DAYS, 'expected a number of days from 1 to 3650')
    .optional(),
  LEGATO_S3_ENDPOINT: endpointField.optional(),
  LEGATO_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket')
    .optional(),
  LEGATO_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'expected the name of a region')
    .default('us-east-1'),
  LEGATO_S3_ACCESS_KEY: keyField.optional(),
  LEGATO_S3_SECRET_KEY: keyField.optional(),
  LEGATO_S3_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,200}(\/[A-Za-z0-9_.-]{1,200}){0,10}$/, 'expected names separated by slashes')
    .optional(),
};

/** What becomes of finished recordings. */
export interface RecordingConfig {
  /** How many days their files are kept; for ever when absent. */
  readonly retentionDays?: number;
  /** Where they are brought to. */
  readonly s3?: S3Settings;
}

interface RecordingValues {
  readonly LEGATO_RECORDING_RETENTION?: number | undefined;
  readonly LEGATO_S3_ENDPOINT?: string | undefined;
  readonly LEGATO_S3_BUCKET?: string | undefined;
  readonly LEGATO_S3_REGION: string;
  readonly LEGATO_S3_ACCESS_KEY?: string | undefined;
  readonly LEGATO_S3_SECRET_KEY?: string | undefined;
  readonly LEGATO_S3_PREFIX?: string | undefined;
  readonly LEGATO_RECORDINGS_DIR?: string | undefined;
}

const NEEDED = [
  'LEGATO_S3_ENDPOINT',
  'LEGATO_S3_BUCKET',
  'LEGATO_S3_ACCESS_KEY',
  'LEGATO_S3_SECRET_KEY',
] as const;

/** The variable that is missing beside those that are set, and why it is needed. */
export function missingForRecordings(
  values: RecordingValues,
): { variable: string; reason: string } | undefined {
  const isArchived = NEEDED.some((name) => values[name] !== undefined);
  const missing = NEEDED.find((name) => values[name] === undefined);
  if (isArchived && missing !== undefined)
    return { variable: missing, reason: `expected all of ${NEEDED.join(', ')} or none` };
  const needsFolder = isArchived || values.LEGATO_RECORDING_RETENTION !== undefined;
  if (!needsFolder || values.LEGATO_RECORDINGS_DIR !== undefined) return undefined;
  const reason =
    'expected beside LEGATO_S3_ENDPOINT and LEGATO_RECORDING_RETENTION: that is where the files are';
  return { variable: 'LEGATO_RECORDINGS_DIR', reason };
}

export function recordingConfig(values: RecordingValues): RecordingConfig {
  const { LEGATO_RECORDING_RETENTION: retentionDays, LEGATO_S3_PREFIX: prefix } = values;
  const [endpoint, bucket, accessKeyId, secretAccessKey] = NEEDED.map((name) => values[name]);
  const isArchived = endpoint && bucket && accessKeyId && secretAccessKey;
  return {
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(isArchived
      ? {
          s3: {
            endpoint: `${endpoint}/${bucket}`,
            region: values.LEGATO_S3_REGION,
            accessKeyId,
            secretAccessKey,
            prefix: prefix === undefined ? '' : `${prefix}/`,
          },
        }
      : {}),
  };
}
