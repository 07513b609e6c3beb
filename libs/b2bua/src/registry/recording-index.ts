import type { IdSource } from '@legato/kernel';
import type { CallEvent, CallStore } from '../ports/call-store';

/** What has become of a recording's file since the media server finished it. */
export interface RecordingFate {
  readonly state: 'stored' | 'deleted';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Where a stored one is in the archive. */
  readonly object?: string;
}

/** Where a recording belongs: stored under the recording's own id, so that it is found after its call has ended. */
interface RecordingPointer {
  readonly call_id: string;
  readonly fate?: RecordingFate;
  /** Sequence number of the last event whose subject is the recording itself. */
  readonly sequence?: number;
}

/** A pointer outlives the call's own record by nothing: both are kept for the retention after the end. */
const POINTER_TTL_MS = 48 * 3_600_000;

/** An event about a recording that may come when its call has ended. */
export type RecordingEvent = Pick<CallEvent, 'type' | 'data'>;

/** Finds recordings by their own ids, and keeps what becomes of their files. */
export class RecordingIndex {
  constructor(
    private readonly store: CallStore,
    private readonly ids: IdSource,
  ) {}

  /** Remembers which call or conference a new recording belongs to. */
  async point(recordingId: string, owner: string): Promise<void> {
    const pointer: RecordingPointer = { call_id: owner };
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

  async read(recordingId: string): Promise<{ owner: string; fate?: RecordingFate } | undefined> {
    const record = await this.store.load(recordingId);
    if (!record) return undefined;
    const { call_id: owner, fate } = JSON.parse(record.state) as RecordingPointer;
    return { owner, ...(fate && { fate }) };
  }

  /**
   * Keeps the fate of a recording, and logs `event` with the recording as its subject. False when somebody else was
   * faster, or nothing is known of it: then nothing is logged.
   */
  async note(recordingId: string, fate: RecordingFate, event: RecordingEvent): Promise<boolean> {
    const record = await this.store.load(recordingId);
    if (!record) return false;
    const pointer = JSON.parse(record.state) as RecordingPointer;
    const sequence = (pointer.sequence ?? 0) + 1;
    const noted: RecordingPointer = { ...pointer, fate, sequence };
    const outcome = await this.store.write({
      id: recordingId,
      expectedVersion: record.version,
      // The node that wrote it first may be another one, or gone.
      generation: record.generation + 1,
      opId: this.ids.token(8),
      state: JSON.stringify(noted),
      events: [
        {
          id: `evt_${this.ids.uuidv7()}`,
          type: event.type,
          subject: recordingId,
          time: new Date(fate.at).toISOString(),
          sequence,
          data: event.data,
        },
      ],
      ended: true,
      ttlMs: POINTER_TTL_MS,
    });
    return outcome.status === 'stored';
  }
}
