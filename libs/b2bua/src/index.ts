export type { CallEvent, CallRecord, CallStore, CallWrite, WriteOutcome } from './ports/call-store';
export { StoreUnavailable } from './ports/call-store';
export type { CredentialStore, UserCredentials } from './ports/credential-store';
export type { EventLog, LoggedEvent } from './ports/event-log';
export type { NonceLedger } from './ports/nonce-ledger';
export type { MemoryCallStoreOptions } from './ports/memory-call-store';
export { MemoryCallStore } from './ports/memory-call-store';
export type { MemoryCallTableOptions } from './ports/memory-call-table';
export { MemoryCallTable } from './ports/memory-call-table';
export type { MemoryEventLogOptions } from './ports/memory-event-log';
export { MemoryEventLog } from './ports/memory-event-log';
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

export type { CallTimings } from './call/call-runtime';
export { DEFAULT_TIMINGS } from './call/call-runtime';
export type {
  CallMode,
  CallSnapshot,
  EndedReason,
  RecordingChannels,
  SipOutcome,
} from './call/call-snapshot';
export type { CallState } from './call/call.machine';
export type { CallView, LegView, RecordingView } from './call/call-view';
export type { MediaServerChoice, MediaServerPool } from './ports/media-server-pool';
export type { OutboundTrunks } from './ports/outbound-trunks';
export type { CallTarget, Route, RouteTable } from './ports/route-table';
export { B2bua } from './registry/b2bua';
export type { CallControl, CommandRefused, OriginateCommand } from './registry/call-control';
export { isRefused } from './registry/call-control';
export { CallReader } from './registry/call-reader';
export type { CallRegistryOptions } from './registry/call-registry';
export { CallRegistry } from './registry/call-registry';
export type { Signalling } from './registry/signalling';
export type { RecordingState } from './use-cases/recording.machine';
export { RoundRobinPool } from './ports/round-robin-pool';
