import { z } from 'zod';
import { apiKeyPageSchema, apiKeyWithTextSchema, createApiKeySchema } from '../api-keys/api-key';
import { callPageSchema, callSchema, createCallSchema } from '../calls/call';
import { CALL_COMMAND_SCHEMAS, commandedCallSchema } from '../calls/call-commands';
import {
  conferencePageSchema,
  conferencePlayPageSchema,
  conferencePlaySchema,
  conferenceSchema,
  createConferencePlaySchema,
  createConferenceSchema,
  endConferenceSchema,
  muteConferenceSchema,
  recordConferenceSchema,
} from '../conferences/conference';
import {
  addParticipantSchema,
  participantPageSchema,
  participantSchema,
  updateParticipantSchema,
} from '../conferences/participant';
import { cdrPageSchema, cdrSchema } from '../cdrs/cdr';
import { problemSchema } from '../errors/problem';
import { EVENT_TYPES } from '../events/event-data';
import { eventPageSchema, eventSchema, eventSchemaOf } from '../events/event';
import { flowDocument } from '@legato/flows';
import {
  activateFlowSchema,
  flowCheckSchema,
  flowPageSchema,
  flowSchema,
  flowSimulationSchema,
  simulateFlowSchema,
} from '../flows/flow';
import { livenessSchema, readinessSchema } from '../health/health';
import {
  mediaServerAuditSchema,
  mediaServerPageSchema,
  mediaServerSchema,
} from '../media-servers/media-server';
import { collectPageSchema, collectSchema, createCollectSchema } from '../collects/collect';
import { createPlaySchema, playPageSchema, playSchema } from '../plays/play';
import { recordingManifestSchema } from '../recordings/recording-manifest';
import { pauseRecordingSchema, recordingOptions } from '../recordings/recording-options';
import { recordingPageSchema, recordingSchema } from '../recordings/recording';
import { registrationPageSchema, registrationSchema } from '../registrations/registration';
import {
  createWebhookSchema,
  deliveryPageSchema,
  deliverySchema,
  rotateSecretSchema,
  updateWebhookSchema,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from '../webhooks/webhook';

/** What clients send, by component name. */
export const REQUEST_SCHEMAS = {
  CreateCall: createCallSchema,
  ...CALL_COMMAND_SCHEMAS,
  FlowDocument: flowDocument,
  ActivateFlow: activateFlowSchema,
  SimulateFlow: simulateFlowSchema,
  RecordingOptions: recordingOptions,
  PauseRecording: pauseRecordingSchema,
  CreatePlay: createPlaySchema,
  CreateCollect: createCollectSchema,
  CreateApiKey: createApiKeySchema,
  CreateConference: createConferenceSchema,
  MuteConference: muteConferenceSchema,
  EndConference: endConferenceSchema,
  AddParticipant: addParticipantSchema,
  UpdateParticipant: updateParticipantSchema,
  CreateConferencePlay: createConferencePlaySchema,
  RecordConference: recordConferenceSchema,
  CreateWebhook: createWebhookSchema,
  UpdateWebhook: updateWebhookSchema,
  RotateSecret: rotateSecretSchema,
} as const;

/** What they get. */
export const RESPONSE_SCHEMAS = {
  Call: callSchema,
  CommandedCall: commandedCallSchema,
  Cdr: cdrSchema,
  CdrPage: cdrPageSchema,
  CallPage: callPageSchema,
  Recording: recordingSchema,
  RecordingPage: recordingPageSchema,
  RecordingManifest: recordingManifestSchema,
  Play: playSchema,
  PlayPage: playPageSchema,
  Collect: collectSchema,
  CollectPage: collectPageSchema,
  Flow: flowSchema,
  FlowPage: flowPageSchema,
  FlowCheck: flowCheckSchema,
  FlowSimulation: flowSimulationSchema,
  Conference: conferenceSchema,
  ConferencePage: conferencePageSchema,
  Participant: participantSchema,
  ParticipantPage: participantPageSchema,
  ConferencePlay: conferencePlaySchema,
  ConferencePlayPage: conferencePlayPageSchema,
  Registration: registrationSchema,
  RegistrationPage: registrationPageSchema,
  Event: eventSchema,
  EventPage: eventPageSchema,
  ApiKeyWithText: apiKeyWithTextSchema,
  ApiKeyPage: apiKeyPageSchema,
  Webhook: webhookSchema,
  WebhookWithSecret: webhookWithSecretSchema,
  WebhookPage: webhookPageSchema,
  Delivery: deliverySchema,
  DeliveryPage: deliveryPageSchema,
  MediaServer: mediaServerSchema,
  MediaServerPage: mediaServerPageSchema,
  MediaServerAudit: mediaServerAuditSchema,
  Problem: problemSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
} as const;

export type RequestName = keyof typeof REQUEST_SCHEMAS;
export type ResponseName = keyof typeof RESPONSE_SCHEMAS;

type JsonSchema = Record<string, unknown>;

function componentsOf(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, schema]) => [
      id,
      component(schema as JsonSchema, schemas[id]?.description),
    ]),
  );
}

/** Without what only a free-standing document needs. */
function component(schema: JsonSchema, description: string | undefined): JsonSchema {
  const members = Object.entries(schema).filter(([name]) => !['$schema', '$id', 'id'].includes(name));
  return { ...(description === undefined ? {} : { description }), ...Object.fromEntries(members) };
}

/** `call.ended` -> `CallEndedEvent`: the component that describes an event. */
export const eventName = (type: string) =>
  `${type.replace(/(?:^|[._])([a-z])/g, (_match, letter: string) => letter.toUpperCase())}Event`;

/** Every schema of the interface as JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export function componentSchemas(): Record<string, JsonSchema> {
  const events = Object.fromEntries(EVENT_TYPES.map((type) => [eventName(type), eventSchemaOf(type)]));
  return {
    ...componentsOf(REQUEST_SCHEMAS, 'input'),
    ...componentsOf({ ...RESPONSE_SCHEMAS, ...events }, 'output'),
  };
}
