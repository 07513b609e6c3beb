import { Mailbox } from '@legato/kernel';
import type { ServerTransaction } from '@legato/sip';
import type { CallEvent } from '../ports/call-store';
import type { Aggregate } from './aggregate';

/** A call or conference that this node owns: itself, its mailbox, and what the store knows of it. */
export class LiveAggregate<A extends Aggregate> {
  readonly mailbox: Mailbox;
  /** Version of the last write that the store acknowledged; 0 when there was none. */
  version = 0;
  generation = 1;
  /** Events whose write failed: they go with the next one. */
  unwritten: readonly CallEvent[] = [];
  /** The store may have lost it: it is written again, whatever happens in it. */
  mustStore = false;
  /** What is about to be stored answers a command that may come again. */
  answersCommand = false;
  /** The caller's INVITE while nothing of the call is stored: it can still be refused as if nothing had been. */
  invite?: ServerTransaction;
  /** Set when it has been let go of, so that what still waits in its mailbox does nothing. */
  gone = false;

  constructor(
    readonly aggregate: A,
    onFailure: (error: unknown) => void,
  ) {
    this.mailbox = new Mailbox(onFailure);
  }
}
