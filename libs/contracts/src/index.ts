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
export type { Readiness } from './health/health';
export { livenessSchema, readinessSchema } from './health/health';
export type { OpenApiDocument } from './openapi/openapi';
export { openApiDocument } from './openapi/openapi';
export type { Operation } from './openapi/operations';
export { OPERATIONS } from './openapi/operations';
export type { RecordingOptions } from './recordings/recording-options';
export { recordingOptions } from './recordings/recording-options';
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
export { freeText } from './text/free-text';
export { MAX_URI_CHARACTERS, sipUriText } from './text/sip-uri-text';
