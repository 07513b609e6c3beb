import { z } from 'zod';
import { failureSchema } from '../recordings/recording';
import { CONFERENCE_ENDED_REASONS, CONFERENCE_STATES } from './conference';
import { LEFT_REASONS } from './participant';

const conference = { conference_id: z.string() };
const named = {
  ...conference,
  name: z.string(),
  generation: z.int().min(1),
  metadata: z.record(z.string(), z.string()),
};
const participant = {
  ...conference,
  participant_id: z.string(),
  call_id: z.string(),
  role: z.enum(['host', 'member']),
};
const wanted = {
  muted: z.boolean(),
  deaf: z.boolean(),
  hold: z.boolean(),
  gain_db: z.number(),
  coach_of: z.string().optional(),
};

/** Events of conferences and their participants. */
export const CONFERENCE_EVENT_DATA = {
  'conference.created': z.strictObject(named).meta({ description: 'A conference can be joined.' }),
  'conference.started': z
    .strictObject(named)
    .meta({ description: 'Its participants hear each other from now on.' }),
  'conference.locked': z.strictObject(conference).meta({ description: 'Nobody else may come.' }),
  'conference.unlocked': z.strictObject(conference).meta({ description: 'Others may come again.' }),
  'conference.recovered': z
    .strictObject({ ...conference, state: z.enum(CONFERENCE_STATES) })
    .meta({ description: 'A node took the conference up after the end of the one that had it.' }),
  'conference.ended': z
    .strictObject({
      ...named,
      ended_reason: z.enum(CONFERENCE_ENDED_REASONS),
      error: failureSchema.optional(),
      duration_ms: z.int().min(0).meta({ description: 'Since the start; 0 without one.' }),
    })
    .meta({ description: 'The media server has let go of it: exactly once per conference, its last event.' }),
  'participant.joined': z
    .strictObject({
      ...participant,
      ...wanted,
      waiting: z.boolean().meta({ description: 'The conference has not started yet.' }),
    })
    .meta({ description: 'Somebody takes part.' }),
  'participant.updated': z
    .strictObject({ ...participant, ...wanted, error: failureSchema.optional() })
    .meta({ description: 'A change was carried out; with `error`: the media server refused it.' }),
  'participant.speaking': z
    .strictObject({ ...participant, speaking: z.boolean() })
    .meta({ description: 'Somebody began to speak, or stopped.' }),
  'participant.left': z
    .strictObject({ ...participant, reason: z.enum(LEFT_REASONS), error: failureSchema.optional() })
    .meta({ description: 'Somebody no longer takes part, or did not come.' }),
} as const;
