import { z } from 'zod';
import { applicationName } from '../calls/application-target';
import { metadataSchema } from '../calls/call';
import { promptSources } from '../media/prompt-source';
import { cursorText, pageLimit, pageOf } from '../page';
import { failureSchema } from '../recordings/recording';

export const CONFERENCE_STATES = ['created', 'active', 'locked', 'ending', 'ended'] as const;
export const CONFERENCE_ENDED_REASONS = [
  'empty',
  'host_left',
  'requested',
  'timeout',
  'media_lost',
  'failed',
  'shutdown',
] as const;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
/** `conf_` and a UUID of version 7 (RFC 9562 §5.7). */
export const CONFERENCE_ID = new RegExp(`^conf_${UUID}$`);

const time = z.iso.datetime({ precision: 3 });
const MAX_PARTICIPANTS = 1000;
const DAY_S = 86_400;

const startOn = z
  .enum(['join', 'host'])
  .meta({ description: '`host`: those who come wait until a host is there.' });
const endOn = z.enum(['empty', 'host']).meta({ description: '`host`: it ends when the last host leaves.' });

/** The body of POST /v1/conferences. What is said of an open conference of that name changes nothing. */
export const createConferenceSchema = z
  .strictObject({
    name: applicationName,
    max_participants: z.int().min(2).max(MAX_PARTICIPANTS).default(200),
    start_on: startOn.default('join'),
    end_on: endOn.default('empty'),
    linger_s: z
      .int()
      .min(0)
      .max(DAY_S)
      .default(0)
      .meta({ description: 'How long it stays when the last has left.' }),
    max_duration_s: z.int().min(1).max(DAY_S).default(43_200),
    announce: z
      .strictObject({ enter: z.boolean().default(false), leave: z.boolean().default(false) })
      .optional()
      .meta({ description: 'A tone for those who come and go.' }),
    music: z
      .union([promptSources, z.array(z.never()).max(0)])
      .optional()
      .meta({ description: 'What is heard on hold and before the start; none: silence.' }),
    speaker_interval_ms: z
      .union([z.literal(0), z.int().min(100).max(60_000)])
      .default(1000)
      .meta({ description: 'Least time between two reports of who speaks; 0: none.' }),
    record: z.boolean().default(false).meta({ description: 'The mix is recorded from the first on.' }),
    metadata: metadataSchema.optional(),
  })
  .meta({ description: 'A conference: made, or got by its name.' });
export type CreateConference = z.infer<typeof createConferenceSchema>;

export const conferenceSchema = z
  .strictObject({
    id: z.string().regex(CONFERENCE_ID),
    name: z.string(),
    generation: z.int().min(1).meta({ description: 'Counts the conferences of this name.' }),
    state: z.enum(CONFERENCE_STATES),
    ended_reason: z.enum(CONFERENCE_ENDED_REASONS).optional(),
    error: failureSchema.optional(),
    max_participants: z.int(),
    start_on: startOn,
    end_on: endOn,
    media_server: z.string().optional(),
    created_at: time,
    started_at: time.optional(),
    ended_at: time.optional(),
    participants: z.int().min(0).meta({ description: 'Those who are there or about to come.' }),
    recordings: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ description: 'Any number of calls that hear each other, mixed by a media server.' });

export const conferencePageSchema = pageOf(conferenceSchema);

/** The query of GET /v1/conferences. */
export const listConferencesSchema = z.strictObject({
  limit: pageLimit(100, 20),
  cursor: cursorText.optional(),
  state: z.enum(CONFERENCE_STATES).optional(),
  name: applicationName.optional(),
});
export type ListConferences = z.infer<typeof listConferencesSchema>;

/** The body of POST /v1/conferences/{id}/mute. */
export const muteConferenceSchema = z
  .strictObject({ muted: z.boolean().default(true) })
  .meta({ description: 'Mutes everybody but the hosts, or lets them speak again.' });
export type MuteConference = z.infer<typeof muteConferenceSchema>;

/** The body of POST /v1/conferences/{id}/end. */
export const endConferenceSchema = z
  .strictObject({
    hang_up: z
      .boolean()
      .default(true)
      .meta({ description: 'false: the calls of the participants go on by themselves.' }),
  })
  .meta({ description: 'How a conference ends.' });
export type EndConference = z.infer<typeof endConferenceSchema>;

const playTarget = z.string().regex(new RegExp(`^part_${UUID}$`), 'expected the id of a participant');

/** The body of POST /v1/conferences/{id}/plays. */
export const createConferencePlaySchema = z
  .strictObject({
    sources: promptSources,
    loop: z.int().min(1).max(1000).default(1),
    participant: playTarget.optional().meta({ description: 'Only this one hears it.' }),
  })
  .meta({ description: 'An announcement to everybody, or to one participant.' });
export type CreateConferencePlay = z.infer<typeof createConferencePlaySchema>;

export const conferencePlaySchema = z
  .strictObject({
    id: z.string(),
    conference_id: z.string(),
    participant_id: z.string().optional(),
    state: z.enum(['queued', 'playing', 'completed', 'barged', 'stopped', 'failed']),
    sources: z.array(z.record(z.string(), z.unknown())),
    created_at: time,
    error: failureSchema.optional(),
  })
  .meta({ description: 'An announcement in a conference.' });
export const conferencePlayPageSchema = pageOf(conferencePlaySchema);

/** The body of POST /v1/conferences/{id}/recordings. */
export const recordConferenceSchema = z
  .strictObject({
    channels: z.enum(['mono', 'per_participant']).default('mono').meta({
      description: 'The mix, or what each participant says as a recording of its own.',
    }),
    max_s: z.int().min(1).max(DAY_S).optional().meta({ description: 'The recording ends by itself then.' }),
  })
  .meta({ description: 'How to record a conference.' });
export type RecordConference = z.infer<typeof recordConferenceSchema>;
