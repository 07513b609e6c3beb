import type { AuditResult } from '@legato/msml';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import type { Refusal } from './refusal';

/** One request while it is carried out. */
export interface RequestScope {
  readonly context: ControlContext;
  /** Where the events that it causes go. */
  readonly origin: EventSink;
  /** Identifiers of objects that the server named (RFC 5707 §7.3). */
  readonly confIds: string[];
  readonly dialogIds: string[];
  readonly auditResults: AuditResult[];
}

/** What an operation of MSML does. */
export interface Executor<Operation> {
  /** Finds what is wrong whatever the state of the server, before anything of the request is executed (§5). */
  check?(operation: Operation, context: ControlContext): Refusal | undefined;
  /** Carries it out at once, or refuses it and leaves everything as it was. */
  execute(operation: Operation, scope: RequestScope): Refusal | undefined;
}
