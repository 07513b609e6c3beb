import { Mailbox } from '@legato/kernel';
import type { ServerTransaction } from '@legato/sip';
import type { Call } from '../call/call';
import type { CallEvent } from '../ports/call-store';

/** A call that this node owns: the call itself, its mailbox, and what the store knows of it. */
export class LiveCall {
  readonly mailbox: Mailbox;
  /** Version of the last write that the store acknowledged; 0 when there was none. */
  version = 0;
  generation = 1;
  /** Events whose write failed: they go with the next one. */
  unwritten: readonly CallEvent[] = [];
  /** The store may have lost this call: it is written again, whatever happens in it. */
  mustStore = false;
  /** The caller's INVITE while nothing of the call is stored: it can still be refused as if nothing had been. */
  invite?: ServerTransaction;
  /** Set when the call has been let go of, so that what still waits in its mailbox does nothing. */
  gone = false;

  constructor(
    readonly call: Call,
    onFailure: (error: unknown) => void,
  ) {
    this.mailbox = new Mailbox(onFailure);
  }
}
