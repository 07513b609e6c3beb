/**
 * One event of the durable log: a CloudEvents 1.0 JSON document without its constant members.
 * `sequence` grows by one per subject, from 1.
 */
export interface CallEvent {
  /** `evt_<uuidv7>`: readers drop repetitions by it. */
  readonly id: string;
  /** `noun.past`, such as `call.answered`. */
  readonly type: string;
  /** The id of the call, recording or node that the event is about. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One atomic change of a call: its state with the messages it still owes, and the events that tell of it. */
export interface CallWrite {
  readonly id: string;
  /** 0 creates. */
  readonly expectedVersion: number;
  /** Grows by one with each take-over. */
  readonly generation: number;
  /** Unique per write: a commit whose answer was lost is recognised by it when it is sent again. */
  readonly opId: string;
  /**
   * JSON text of the snapshot, outbox included. May be made when it is read: a store outside of the process reads it
   * with the write, the one in memory when somebody asks for it.
   */
  readonly state: string;
  readonly events: readonly CallEvent[];
  /** The call is over: the record stays for `ttlMs` to be read, no node owns it any more. */
  readonly ended: boolean;
  readonly ttlMs: number;
  /** JSON text of the call's detail record, with the write that ends it; once per call it goes to the log of these. */
  readonly cdr?: string;
}

export type WriteOutcome =
  | { readonly status: 'stored'; readonly version: number }
  | { readonly status: 'version'; readonly actual: number }
  /** This incarnation of the node no longer owns anything: drop the call without a word (invariant I5). */
  | { readonly status: 'fenced' };

export interface CallRecord {
  readonly id: string;
  readonly version: number;
  readonly generation: number;
  readonly owner: string;
  readonly epoch: number;
  readonly state: string;
  readonly ended: boolean;
}

/** Where calls live so that they outlive their process. */
export interface CallStore {
  /** How many milliseconds events that nothing waits for may wait for the next write of their call; unset: a write costs little. */
  readonly gatherMs?: number;
  /** Registers this node under a fresh epoch; an older incarnation of the same id is fenced from then on. */
  register(nodeId: string): Promise<{ epoch: number }>;
  /**
   * Compare-and-set. Answers synchronously where it can (memory), so that the hot path costs no promise.
   * Rejects with StoreUnavailable when the store can not be reached within its deadline.
   */
  write(write: CallWrite): WriteOutcome | Promise<WriteOutcome>;
  load(id: string): Promise<CallRecord | undefined>;
  /** Takes over the live calls of `fromNode` whose epoch is fenced; their generation grows by one. */
  claim(fromNode: string): Promise<CallRecord[]>;
  /** Pages through all records that are still kept, newest first; `after` is the id that ended the last page. */
  list(options: { after?: string; limit: number }): Promise<{ records: CallRecord[]; next?: string }>;
  /** Whether the store answers, for /readyz. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** The store did not answer within its deadline; nothing is known of the write's fate. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
