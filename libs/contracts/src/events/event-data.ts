import { z } from 'zod';
import { applicationTargetSchema } from '../calls/application-target';
import { COMMAND_EVENT_DATA } from '../calls/call-events';
import { CALL_MODES, CALL_STATES, ENDED_REASONS } from '../calls/call';
import { FLOW_EVENT_DATA } from '../flows/flow-events';
import { CONFERENCE_EVENT_DATA } from '../conferences/conference-events';
import { failureSchema, RECORDING_CHANNELS } from '../recordings/recording';
import { registrationEventData } from '../registrations/registration';

const callId = z.string();
const commandId = z.string().optional();
const parties = {
  call_id: callId,
  direction: z.enum(['inbound', 'outbound']),
  mode: z.enum(CALL_MODES),
  from: z.string(),
  to: z.array(z.string()),
  target: applicationTargetSchema.optional(),
};
const metadata = z.record(z.string(), z.string());
const recording = {
  call_id: callId.optional(),
  conference_id: z.string().optional().meta({ description: 'Instead of call_id.' }),
  recording_id: z.string(),
  parent_id: z.string().optional().meta({ description: 'Of a track.' }),
  participant_id: z.string().optional().meta({ description: 'Of a track: who is recorded.' }),
  channels: z.enum(RECORDING_CHANNELS),
  duration_ms: z.int().min(0).optional(),
  error: failureSchema.optional(),
};
const play = {
  call_id: callId.optional(),
  conference_id: z.string().optional().meta({ description: 'Instead of call_id.' }),
  participant_id: z.string().optional().meta({ description: 'Of a conference; missing: everybody.' }),
  play_id: z.string(),
  leg: z.enum(['caller', 'callee']).optional().meta({ description: 'Missing: every party.' }),
  error: failureSchema.optional(),
};
const mediaServer = z.strictObject({ id: z.string(), uri: z.string() });

/** Member `data` of each type of event. A type that is not here is not logged: a spec compares. */
export const EVENT_DATA = {
  'call.queued': z
    .strictObject({ ...parties, metadata })
    .meta({ description: 'A call was asked for, by INVITE or over REST.' }),
  'call.ringing': z.strictObject(parties).meta({ description: 'The party that is called rings (180).' }),
  'call.early_media': z.strictObject(parties).meta({ description: 'Media flow before the answer (183).' }),
  'call.answered': z.strictObject(parties).meta({ description: 'The parties are connected.' }),
  'call.held': z
    .strictObject({ call_id: callId, command_id: commandId })
    .meta({ description: 'A party, or the application, put the call on hold.' }),
  'call.resumed': z
    .strictObject({ call_id: callId, command_id: commandId })
    .meta({ description: 'The call is no longer on hold.' }),
  'call.moved': z
    .strictObject({ call_id: callId, mode: z.enum(CALL_MODES), command_id: commandId })
    .meta({ description: 'The media were moved to the media server, or back to the parties.' }),
  ...COMMAND_EVENT_DATA,
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
  'recording.paused': z
    .strictObject({ ...recording, mode: z.enum(['silence', 'skip']), reason: z.string().optional() })
    .meta({ description: 'The media server records silence, or nothing, until it goes on.' }),
  'recording.resumed': z.strictObject(recording).meta({ description: 'A paused recording goes on.' }),
  'recording.refused': z
    .strictObject({ ...recording, command: z.enum(['pause', 'resume']), error: failureSchema })
    .meta({ description: 'The media server did not pause or resume a recording, which stays as it was.' }),
  'recording.stopped': z.strictObject(recording).meta({ description: 'The media server was asked to stop.' }),
  'recording.processing': z
    .strictObject(recording)
    .meta({ description: 'The file is finished and on its way to the archive.' }),
  'recording.completed': z
    .strictObject(recording)
    .meta({ description: 'The file is finished and can be fetched.' }),
  'recording.failed': z
    .strictObject({ ...recording, error: failureSchema })
    .meta({ description: 'There will be no file.' }),
  'recording.absent': z
    .strictObject(recording)
    .meta({ description: 'The media server no longer knows of the recording.' }),
  'recording.deleted': z
    .strictObject(recording)
    .meta({ description: 'The file was deleted, over REST or because its time was over.' }),
  'play.started': z.strictObject(play).meta({ description: 'The media server plays.' }),
  'play.completed': z.strictObject(play).meta({ description: 'It was played to its end.' }),
  'play.barged': z.strictObject(play).meta({ description: 'A digit of a party ended it.' }),
  'play.stopped': z
    .strictObject(play)
    .meta({ description: 'It was stopped, or the call ended before it did.' }),
  'play.failed': z
    .strictObject({ ...play, error: failureSchema })
    .meta({ description: 'It was not played, or not to its end.' }),
  ...FLOW_EVENT_DATA,
  ...CONFERENCE_EVENT_DATA,
  'collect.finished': z
    .strictObject({
      call_id: callId,
      collect_id: z.string(),
      leg: z.enum(['caller', 'callee']),
      outcome: z.enum(['matched', 'no_input', 'no_match', 'terminated', 'failed']),
      sensitive: z.boolean(),
      digits: z
        .string()
        .optional()
        .meta({ description: 'Once it has matched; never those of a sensitive one.' }),
      error: failureSchema.optional(),
    })
    .meta({ description: 'A collection of digits has come to its end.' }),
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
  'media_server.draining': mediaServer.meta({
    description: 'A media server gets no new work; what it has goes on.',
  }),
  'media_server.down': mediaServer.meta({ description: 'A media server answers no longer.' }),
  'webhook.disabled': z
    .strictObject({ webhook_id: z.string(), reason: z.literal('gone') })
    .meta({ description: 'A receiver answered 410: nothing more is delivered to it.' }),
  'webhook.test': z.strictObject({ webhook_id: z.string() }).meta({
    description: 'A test was asked for; it is delivered to its webhook alone and stands in no log.',
  }),
  'node.up': z.strictObject({ node: z.string() }).meta({ description: 'A control plane is ready for work.' }),
  'node.down': z.strictObject({ node: z.string() }).meta({ description: 'A control plane shuts down.' }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
/** What an event of a type tells. */
export type EventData<Type extends EventType> = z.infer<(typeof EVENT_DATA)[Type]>;

export const EVENT_TYPES = Object.keys(EVENT_DATA) as readonly EventType[];
