import type {
  CallControl,
  CallView,
  CommandRefused,
  OriginateCommand,
  RecordingCommands,
  RecordingView,
} from '@legato/b2bua';
import type { ServerTransaction } from '@legato/sip';

const at = '2026-11-21T02:30:00.000Z';
const uuid = (n: number) => `0192f0c1-5b7a-7cc1-8d0f-${String(n).padStart(12, '0')}`;

export const callId = (n: number) => `call_${uuid(n)}`;
export const recordingId = (n: number) => `rec_${uuid(n)}`;

export function callView(n: number, more: Partial<CallView> = {}): CallView {
  return {
    id: callId(n),
    state: 'queued',
    mode: 'anchored',
    direction: 'outbound',
    from: 'sip:alice@example.com',
    to: ['sip:bob@example.com'],
    created_at: at,
    legs: [{ role: 'caller', uri: 'sip:bob@example.com', state: 'none' }],
    recordings: [],
    metadata: {},
    ...more,
  };
}

export function recordingView(n: number, more: Partial<RecordingView> = {}): RecordingView {
  return {
    id: recordingId(n),
    call_id: callId(1),
    state: 'requested',
    channels: 'mono',
    created_at: at,
    ...more,
  };
}

/** A call engine in memory: what it was asked is kept, what it answers is set by the test. */
export class FakeCallControl implements CallControl, RecordingCommands {
  readonly asked: { readonly command: string; readonly with: unknown }[] = [];
  readonly invites: ServerTransaction[] = [];
  readonly calls = new Map<string, CallView>();
  readonly recordings = new Map<string, RecordingView>();
  /** When set, every command is refused so. */
  refusal: CommandRefused | undefined;
  /** When set, everything fails so. */
  failure: Error | undefined;
  /** When set, answers wait for it. */
  pause: Promise<void> | undefined;

  receiveInvite(transaction: ServerTransaction): void {
    this.invites.push(transaction);
  }

  originate(command: OriginateCommand): Promise<CallView | CommandRefused> {
    return this.command('originate', command, () =>
      this.add(callView(this.calls.size + 1, { to: command.to })),
    );
  }

  hangup(id: string, options: { reason?: string } = {}): Promise<CallView | CommandRefused> {
    return this.command('hangup', { id, ...options }, () => this.calls.get(id) ?? notFound('call_not_found'));
  }

  startRecording(
    id: string,
    options: Parameters<RecordingCommands['startRecording']>[1],
  ): Promise<RecordingView | CommandRefused> {
    return this.command('startRecording', { id, ...options }, () => {
      if (!this.calls.has(id)) return notFound('call_not_found');
      const recording = recordingView(this.recordings.size + 1, { call_id: id, channels: options.channels });
      this.recordings.set(recording.id, recording);
      return recording;
    });
  }

  stopRecording(id: string): Promise<RecordingView | CommandRefused> {
    return this.command(
      'stopRecording',
      id,
      () => this.recordings.get(id) ?? notFound('recording_not_found'),
    );
  }

  pauseRecording(
    id: string,
    pause: Parameters<RecordingCommands['pauseRecording']>[1],
  ): Promise<RecordingView | CommandRefused> {
    const found = () => this.recordings.get(id) ?? notFound('recording_not_found');
    return this.command('pauseRecording', { id, ...pause }, found);
  }

  resumeRecording(id: string): Promise<RecordingView | CommandRefused> {
    const found = () => this.recordings.get(id) ?? notFound('recording_not_found');
    return this.command('resumeRecording', id, found);
  }

  noteDeleted(id: string, at: number): Promise<RecordingView | CommandRefused> {
    return this.command('noteDeleted', { id, at }, () => {
      const recording = this.recordings.get(id);
      if (!recording) return notFound('recording_not_found');
      this.recordings.set(id, { ...recording, state: 'deleted', file: undefined });
      return { ...recording, state: 'deleted', file: undefined };
    });
  }

  noteStored(
    id: string,
    { object }: Parameters<RecordingCommands['noteStored']>[1],
  ): Promise<RecordingView | CommandRefused> {
    return this.command('noteStored', { id, object }, () => {
      const recording = this.recordings.get(id);
      if (!recording) return notFound('recording_not_found');
      this.recordings.set(id, { ...recording, state: 'completed', object });
      return { ...recording, state: 'completed', object };
    });
  }

  getCall(id: string): Promise<CallView | undefined> {
    return this.command('getCall', id, () => this.calls.get(id));
  }

  listCalls(options: {
    after?: string;
    limit: number;
    state?: string;
  }): Promise<{ data: CallView[]; next?: string }> {
    return this.command('listCalls', options, () => {
      const all = [...this.calls.values()].filter(
        ({ id }) => options.after === undefined || id > options.after,
      );
      const data = all.slice(0, options.limit);
      const last = data.at(-1);
      return all.length > data.length && last ? { data, next: last.id } : { data };
    });
  }

  getRecording(id: string): Promise<RecordingView | undefined> {
    return this.command('getRecording', id, () => this.recordings.get(id));
  }

  listRecordings(id: string): Promise<RecordingView[] | undefined> {
    return this.command('listRecordings', id, () =>
      this.calls.has(id) ? [...this.recordings.values()].filter(({ call_id }) => call_id === id) : undefined,
    );
  }

  counts(): Record<string, number> {
    return { calls: this.calls.size, calls_queued: this.calls.size, recordings: this.recordings.size };
  }

  add(call: CallView): CallView {
    this.calls.set(call.id, call);
    return call;
  }

  private async command<T>(command: string, details: unknown, answer: () => T): Promise<T> {
    this.asked.push({ command, with: details });
    await this.pause;
    if (this.failure) throw this.failure;
    const commands = [
      'originate',
      'hangup',
      'startRecording',
      'stopRecording',
      'pauseRecording',
      'resumeRecording',
    ];
    if (this.refusal && commands.includes(command)) return this.refusal as T;
    return answer();
  }
}

const notFound = (code: string): CommandRefused => ({ refused: 'not_found', code, detail: 'not there' });
