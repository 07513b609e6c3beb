export type { CallEvent, CallRecord, CallStore, CallWrite, WriteOutcome } from './ports/call-store';
export { StoreUnavailable } from './ports/call-store';
export type { CredentialStore, UserCredentials } from './ports/credential-store';
export type {
  DocumentStore,
  DocumentWrite,
  DocumentWriteOutcome,
  StoredDocument,
} from './ports/document-store';
export { MAX_DOCUMENTS } from './ports/document-store';
export type { CdrLog, LoggedCdr } from './ports/cdr-log';
export type { MemoryCdrLogOptions } from './ports/memory-cdr-log';
export { MemoryCdrLog } from './ports/memory-cdr-log';
export type { EventLog, LoggedEvent } from './ports/event-log';
export type { CallSeats } from './ports/call-seats';
export type { NonceLedger } from './ports/nonce-ledger';
export type { MemoryCallStoreOptions } from './ports/memory-call-store';
export { MemoryCallStore } from './ports/memory-call-store';
export type { MemoryCallTableOptions } from './ports/memory-call-table';
export { MemoryCallTable } from './ports/memory-call-table';
export type { MemoryEventLogOptions } from './ports/memory-event-log';
export { MemoryEventLog } from './ports/memory-event-log';
export { MemoryDocumentStore } from './ports/memory-document-store';
export type { MemoryRegistrationStoreOptions } from './ports/memory-registration-store';
export { MemoryRegistrationStore } from './ports/memory-registration-store';
export type {
  RegistrationRecord,
  RegistrationStore,
  RegistrationWrite,
  RegistrationWriteOutcome,
} from './ports/registration-store';
export {
  DEFAULT_MAX_REGISTRATIONS,
  firstExpiry,
  keptForMs,
  REGISTRATION_GRACE_MS,
} from './ports/registration-store';

export type { Call } from './call/call';
export type { CallDetailRecord } from './call/call-detail-record';
export type { CallTimings } from './call/call-runtime';
export { DEFAULT_TIMINGS } from './call/call-runtime';
export type {
  ApplicationTarget,
  CallMode,
  CallSnapshot,
  EndedReason,
  RecordingChannels,
  SipOutcome,
} from './call/call-snapshot';
export type { CallState } from './call/call.machine';
export type { CollectRequest } from './call/collect-snapshot';
export type { CollectView } from './call/collect-view';
export type { PlayView } from './call/play-view';
export type { RecordingView } from './call/recording-view';
export type { RecordingPause } from './call/call-snapshot';
export type { RecordingRequest } from './use-cases/record';
export type { CallView, LegView } from './call/call-view';
export type { BridgeCommand, CallCommands, CommandedCall } from './commands/call-commands';
export { LiveCallCommands } from './commands/call-commands';
export type { CollectCommands } from './commands/collect-commands';
export { CallCollects } from './commands/collect-commands';
export type { PlayCommands } from './commands/play-commands';
export { CallPlays } from './commands/play-commands';
export type { RecordingCommands } from './commands/recording-commands';
export { CallRecordings } from './commands/recording-commands';
export type { PlayOptions } from './media-control/play-requests';
export { FOREVER } from './media-control/play-requests';
export type { FinishedMediaWork, MediaWorkListener } from './use-cases/media-work-finished';
export type { MediaServerChoice, MediaServerPool } from './ports/media-server-pool';
export type { ControlChannelOpening, ControlChannelOptions } from './media-control/control-channel';
export { ControlChannel } from './media-control/control-channel';
export type { FlowApplications, EndOfCall, FlowQuestion } from './ports/flow-applications';
export type { FlowDocuments } from './ports/flow-documents';
export type { OutboundTrunks } from './ports/outbound-trunks';
export type { ApplicationRoute, CallTarget, PartyRoute, Route, RouteTable } from './ports/route-table';
export { leadsToParty } from './ports/route-table';
export { B2bua } from './registry/b2bua';
export type { CallControl, CallerAccount, CommandRefused, OriginateCommand } from './registry/call-control';
export { isRefused } from './registry/call-control';
export { CallReader } from './registry/call-reader';
export { RecordingIndex } from './registry/recording-index';
export type { CallRegistryOptions } from './registry/call-registry';
export { CallRegistry } from './registry/call-registry';
export type { ConferenceCommands } from './commands/conference-commands';
export type { Attendance, AttendanceChange, ParticipantCommands } from './commands/participant-commands';
export type { ConferenceState } from './conference/conference.machine';
export type { ConferenceOptions } from './conference/conference-snapshot';
export type { AnnouncementView, ConferenceView, ParticipantView } from './conference/conference-view';
export type { Conferences } from './conference/create-conferences';
export { createConferences, DEFAULT_CONFERENCE } from './conference/create-conferences';
export type { Signalling } from './registry/signalling';
export type { DigitsRequest } from './use-cases/send-digits';
export type { InfoRequest } from './use-cases/send-info';
export type { BridgeListener, BridgeOutcome } from './use-cases/on-bridged';
export type { AnsweredHandler } from './use-cases/on-answered';
export { OnAnswered } from './use-cases/on-answered';
export { NamedConferences } from './conference/flow-conferences';
export type { FlowSimulation } from './use-cases/run-flow-simulation';
export { simulateFlow } from './use-cases/run-flow-simulation';
export { FlowRunner } from './use-cases/run-flow';
export type { RecordingState } from './use-cases/recording.machine';
export type { MediaServer, MediaServerStanding, MediaServerState } from './ports/weighted-pool';
export { WeightedPool } from './ports/weighted-pool';
