export type { CallEvent, CallRecord, CallStore, CallWrite, WriteOutcome } from './ports/call-store';
export { StoreUnavailable } from './ports/call-store';
export type { EventLog, LoggedEvent } from './ports/event-log';
