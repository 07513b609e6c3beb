export type { ApiKeyDocument, CreateApiKey } from './api-keys/api-key';
export {
  API_KEY_ID,
  apiKeyPageSchema,
  apiKeyWithTextSchema,
  createApiKeySchema,
  keyName,
  scopeList,
} from './api-keys/api-key';
export type { AsyncApiDocument } from './asyncapi/asyncapi';
export { asyncApiDocument } from './asyncapi/asyncapi';
export { applicationName } from './calls/application-target';
export type { CreateCall, ListCalls } from './calls/call';
export {
  CALL_ID,
  CALL_MODES,
  CALL_STATES,
  callPageSchema,
  callSchema,
  createCallSchema,
  ENDED_REASONS,
  listCallsSchema,
} from './calls/call';
export type {
  AnswerCall,
  BridgeCall,
  DtmfCall,
  HangUpCall,
  InfoCall,
  MoveCall,
  MuteCall,
  RejectCall,
} from './calls/call-commands';
export {
  answerCallSchema,
  bridgeCallSchema,
  commandedCallSchema,
  dtmfCallSchema,
  hangUpCallSchema,
  infoCallSchema,
  moveCallSchema,
  muteCallSchema,
  rejectCallSchema,
} from './calls/call-commands';
export type { ListCdrs } from './cdrs/cdr';
export { cdrPageSchema, listCdrsSchema } from './cdrs/cdr';
export { COMMAND_FAILURES } from './errors/command-failures';
export type {
  CreateConference,
  CreateConferencePlay,
  EndConference,
  ListConferences,
  MuteConference,
  RecordConference,
} from './conferences/conference';
export {
  CONFERENCE_ID,
  createConferencePlaySchema,
  createConferenceSchema,
  endConferenceSchema,
  listConferencesSchema,
  muteConferenceSchema,
  recordConferenceSchema,
} from './conferences/conference';
export type { AddParticipant, RemoveParticipant, UpdateParticipant } from './conferences/participant';
export {
  addParticipantSchema,
  PARTICIPANT_ID,
  removeParticipantSchema,
  updateParticipantSchema,
} from './conferences/participant';
export type { CatalogueEntry, ErrorCode } from './errors/catalogue';
export { catalogueEntry, ERROR_CATALOGUE, isErrorCode, RECORDING_FAILURES } from './errors/catalogue';
export { fieldErrors, jsonPointer } from './errors/field-errors';
export type { FieldError, Problem, ProblemDetails } from './errors/problem';
export { PROBLEM_CONTENT_TYPE, problemOf, problemSchema } from './errors/problem';
export type { EventDocument, ListEvents, LoggedEventFields } from './events/event';
export {
  EVENT_SOURCE,
  eventDocument,
  eventPageSchema,
  eventSchema,
  eventSchemaOf,
  listEventsSchema,
  streamEventsSchema,
} from './events/event';
export type { EventData, EventType } from './events/event-data';
export { EVENT_DATA, EVENT_TYPES } from './events/event-data';
export type {
  ActivateFlow,
  Flow,
  FlowCheck,
  FlowSummary,
  ListFlows,
  ReadFlow,
  SimulateFlow,
} from './flows/flow';
export {
  activateFlowSchema,
  flowSchema,
  flowSimulationSchema,
  isFlowId,
  listFlowsSchema,
  readFlowSchema,
  simulateFlowSchema,
} from './flows/flow';
export type { Readiness } from './health/health';
export { livenessSchema, readinessSchema } from './health/health';
export type { MediaServerAudit } from './media-servers/media-server';
export {
  MEDIA_SERVER_STATES,
  mediaServerAuditSchema,
  mediaServerPageSchema,
  mediaServerSchema,
  MSML_DIALECTS,
} from './media-servers/media-server';
export type { OpenApiDocument } from './openapi/openapi';
export { openApiDocument } from './openapi/openapi';
export type { Operation } from './openapi/operation';
export { OPERATIONS } from './openapi/operations';
export type { CreateCollect } from './collects/collect';
export { COLLECT_ID, collectPageSchema, collectSchema, createCollectSchema } from './collects/collect';
export type { CreatePlay } from './plays/play';
export { createPlaySchema, PLAY_ID, playPageSchema, playSchema } from './plays/play';
export { ADMIN_SCOPE, isAllowed, scopeOf, SCOPES } from './openapi/scopes';
export type { RecordingManifest } from './recordings/recording-manifest';
export { recordingManifestSchema } from './recordings/recording-manifest';
export type { PauseRecording, RecordingOptions } from './recordings/recording-options';
export { pauseRecordingSchema, recordingOptions } from './recordings/recording-options';
export { RECORDING_ID, RECORDING_STATES, recordingPageSchema, recordingSchema } from './recordings/recording';
export type { ListRegistrations, RemoveRegistration } from './registrations/registration';
export {
  BINDING_REACHES,
  bindingSchema,
  listRegistrationsSchema,
  registrationPageSchema,
  registrationSchema,
  removeRegistrationSchema,
} from './registrations/registration';
export type {
  CreateWebhook,
  DeliveryDocument,
  ListDeliveries,
  RotateSecret,
  UpdateWebhook,
  WebhookDocument,
} from './webhooks/webhook';
export {
  createWebhookSchema,
  DELIVERY_ID,
  deliveryPageSchema,
  deliverySchema,
  listDeliveriesSchema,
  rotateSecretSchema,
  selects,
  updateWebhookSchema,
  WEBHOOK_ID,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './webhooks/webhook';
export { freeText } from './text/free-text';
export { MAX_URI_CHARACTERS, sipUriText } from './text/sip-uri-text';
