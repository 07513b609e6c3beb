import { z } from 'zod';
import { CALL_MODES, CALL_STATES, ENDED_REASONS } from '../calls/call';
import { failureSchema } from '../recordings/recording';
import { registrationEventData } from '../registrations/registration';

const callId = z.string();
const parties = {
  call_id: callId,
  direction: z.enum(['inbound', 'outbound']),
  mode: z.enum(CALL_MODES),
  from: z.string(),
  to: z.array(z.string()),
};
const metadata = z.record(z.string(), z.string());
const recording = {
  call_id: callId,
  recording_id: z.string(),
  channels: z.enum(['mono', 'dual']),
  duration_ms: z.int().min(0).optional(),
  error: failureSchema.optional(),
};
const mediaServer = z.strictObject({ uri: z.string() });

/** Member `data` of each type of event. A type that is not here is not logged: a spec compares. */
export const EVENT_DATA = {
  'call.queued': z
    .strictObject({ ...parties, metadata })
    .meta({ description: 'A call was asked for, by INVITE or over REST.' }),
  'call.ringing': z.strictObject(parties).meta({ description: 'The party that is called rings (180).' }),
  'call.early_media': z.strictObject(parties).meta({ description: 'Media flow before the answer (183).' }),
  'call.answered': z.strictObject(parties).meta({ description: 'The parties are connected.' }),
  'call.held': z.strictObject({ call_id: callId }).meta({ description: 'A party put the call on hold.' }),
  'call.resumed': z.strictObject({ call_id: callId }).meta({ description: 'The call is no longer on hold.' }),
  'call.moved': z
    .strictObject({ call_id: callId, mode: z.enum(CALL_MODES) })
    .meta({ description: 'The media of a direct call were moved to the media server.' }),
  'info.received': z
    .strictObject({
      call_id: callId,
      leg: z.enum(['caller', 'callee']),
      content_type: z.string().nullable(),
      encoding: z.enum(['utf8', 'base64']),
      body: z.string().meta({ description: 'The first 4,096 bytes of it.' }),
    })
    .meta({ description: 'A party sent an INFO, which went on to the other one.' }),
  'call.recovered': z
    .strictObject({ call_id: callId, state: z.enum(CALL_STATES) })
    .meta({ description: 'A node took the call up after the end of the one that had it.' }),
  'call.ended': z
    .strictObject({
      ...parties,
      ended_reason: z.enum(ENDED_REASONS),
      sip: z.strictObject({ status: z.int(), reason: z.string() }).optional(),
      duration_ms: z.int().min(0).meta({ description: 'Since the answer; 0 without one.' }),
      metadata,
    })
    .meta({
      description: 'The call is over and everything of it released: exactly once per call, its last event.',
    }),
  'recording.started': z.strictObject(recording).meta({ description: 'The media server records.' }),
  'recording.stopped': z.strictObject(recording).meta({ description: 'The media server was asked to stop.' }),
  'recording.completed': z
    .strictObject(recording)
    .meta({ description: 'The file is finished and can be fetched.' }),
  'recording.failed': z
    .strictObject({ ...recording, error: failureSchema })
    .meta({ description: 'There will be no file.' }),
  'recording.absent': z
    .strictObject(recording)
    .meta({ description: 'The media server no longer knows of the recording.' }),
  'registration.added': z
    .strictObject(registrationEventData)
    .meta({ description: 'A client registered under an address-of-record.' }),
  'registration.refreshed': z
    .strictObject(registrationEventData)
    .meta({ description: 'A client registered again before its time was over.' }),
  'registration.expired': z
    .strictObject(registrationEventData)
    .meta({ description: 'A client did not register again in time.' }),
  'registration.removed': z
    .strictObject({ ...registrationEventData, by: z.enum(['client', 'operator']) })
    .meta({ description: 'A binding was taken away by REGISTER or over REST.' }),
  'media_server.up': mediaServer.meta({ description: 'A media server answers again.' }),
  'media_server.down': mediaServer.meta({ description: 'A media server answers no longer.' }),
  'node.up': z.strictObject({ node: z.string() }).meta({ description: 'A control plane is ready for work.' }),
  'node.down': z.strictObject({ node: z.string() }).meta({ description: 'A control plane shuts down.' }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
/** What an event of a type tells. */
export type EventData<Type extends EventType> = z.infer<(typeof EVENT_DATA)[Type]>;

export const EVENT_TYPES = Object.keys(EVENT_DATA) as readonly EventType[];
