import type { CallSnapshot } from '../call/call-snapshot';
import type { CallView, RecordingView } from '../call/call-view';
import { callView, recordingView } from '../call/call-view';
import type { CallRecord, CallStore } from '../ports/call-store';

/** Where a recording belongs: stored under the recording's own id, so that it is found after its call has ended. */
interface RecordingPointer {
  readonly call_id: string;
}

/** A pointer outlives the call's own record by nothing: both are kept for the retention after the end. */
const POINTER_TTL_MS = 48 * 3_600_000;
/** Sorts behind every id of a call. */
const AFTER_LAST_CALL = 'call_~';
const isCall = (record: CallRecord) => record.id.startsWith('call_');

/** Reads calls and recordings, live ones from memory and the rest from the store. */
export class CallReader {
  constructor(
    private readonly store: CallStore,
    private readonly liveSnapshot: (id: string) => CallSnapshot | undefined,
  ) {}

  async snapshot(id: string): Promise<CallSnapshot | undefined> {
    const live = this.liveSnapshot(id);
    if (live) return live;
    const record = await this.store.load(id);
    return record && isCall(record) ? (JSON.parse(record.state) as CallSnapshot) : undefined;
  }

  async call(id: string): Promise<CallView | undefined> {
    const snapshot = await this.snapshot(id);
    return snapshot && callView(snapshot);
  }

  /** Calls, newest first. Records of other kinds stand in the same store: ids sort by their prefix, and by time within it. */
  async list(options: {
    after?: string;
    limit: number;
    state?: string;
  }): Promise<{ data: CallView[]; next?: string }> {
    const data: CallView[] = [];
    let after: string | undefined = options.after ?? AFTER_LAST_CALL;
    while (after !== undefined) {
      // One more than asked for tells whether anything follows.
      const page: Awaited<ReturnType<CallStore['list']>> = await this.store.list({
        after,
        limit: options.limit + 1,
      });
      after = page.next;
      for (const record of page.records) {
        if (!isCall(record)) return { data };
        const view = callView(this.liveSnapshot(record.id) ?? (JSON.parse(record.state) as CallSnapshot));
        if (options.state !== undefined && view.state !== options.state) continue;
        const last = data.at(-1);
        if (data.length === options.limit && last) return { data, next: last.id };
        data.push(view);
      }
    }
    return { data };
  }

  async callOfRecording(recordingId: string): Promise<string | undefined> {
    const record = await this.store.load(recordingId);
    return record && (JSON.parse(record.state) as RecordingPointer).call_id;
  }

  async recording(id: string): Promise<RecordingView | undefined> {
    const callId = await this.callOfRecording(id);
    const snapshot = callId === undefined ? undefined : await this.snapshot(callId);
    const recording = snapshot?.recordings.find((candidate) => candidate.id === id);
    return snapshot && recording && recordingView(snapshot, recording);
  }

  /** Remembers which call a new recording belongs to. */
  async point(recordingId: string, callId: string): Promise<void> {
    const pointer: RecordingPointer = { call_id: callId };
    await this.store.write({
      id: recordingId,
      expectedVersion: 0,
      generation: 1,
      opId: recordingId,
      state: JSON.stringify(pointer),
      events: [],
      ended: true,
      ttlMs: POINTER_TTL_MS,
    });
  }
}
