import type { CallSnapshot } from '../call/call-snapshot';
import type { CallView } from '../call/call-view';
import { callView } from '../call/call-view';
import type { RecordingView } from '../call/recording-view';
import { recordingView } from '../call/recording-view';
import type { CallRecord, CallStore } from '../ports/call-store';
import type { RecordingFate, RecordingIndex } from './recording-index';

/** Sorts behind every id of a call. */
const AFTER_LAST_CALL = 'call_~';
const isCall = (record: CallRecord) => record.id.startsWith('call_');

/** Reads calls and recordings, live ones from memory and the rest from the store. */
export class CallReader {
  constructor(
    private readonly store: CallStore,
    private readonly liveSnapshot: (id: string) => CallSnapshot | undefined,
    private readonly index: RecordingIndex,
    private readonly options: { readonly archives?: boolean } = {},
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
    return (await this.index.read(recordingId))?.owner;
  }

  async recording(id: string): Promise<RecordingView | undefined> {
    const pointer = await this.index.read(id);
    const snapshot = pointer && (await this.snapshot(pointer.owner));
    const recording = snapshot?.recordings.find((candidate) => candidate.id === id);
    return snapshot && recording && this.shown(recordingView(snapshot, recording), pointer?.fate);
  }

  /** With what has become of its file. */
  async withFate(view: RecordingView): Promise<RecordingView> {
    if (view.state !== 'completed') return view;
    return this.shown(view, (await this.index.read(view.id))?.fate);
  }

  private shown(view: RecordingView, fate: RecordingFate | undefined): RecordingView {
    if (fate?.state === 'deleted') return { ...view, state: 'deleted', file: undefined };
    if (fate?.state === 'stored') return { ...view, object: fate.object };
    // Until it is in the archive, it is not complete; one with tracks has no file of its own.
    return this.options.archives && !view.tracks && view.state === 'completed'
      ? { ...view, state: 'processing' }
      : view;
  }
}
