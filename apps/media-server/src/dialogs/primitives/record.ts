import type { MediaRecording, PauseMode, RecordOptions, RecordingOutcome } from '@legato/media';
import type { MomlRecord } from '@legato/msml';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { durationMs } from '../duration';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';
import { sampleRate } from '../sample-rate';

/** The longest recording of a request that names none: what no call outlasts. */
const DEFAULT_MAXTIME_MS = 4 * 3_600_000;
const NAME_BYTES = 12;

/** Records what a connection says, or what a conference mixes (RFC 5707 §9.7.4). */
export class RecordPrimitive implements Primitive {
  readonly kind = 'record';
  readonly id: string | undefined;
  private path = '';
  private prompt: Primitive | undefined;
  private recording: MediaRecording | undefined;
  private unlisten: (() => void) | undefined;
  private suspended: boolean;
  /** Whether anything may be in the file. */
  private created = false;
  private cause: string | undefined;

  constructor(
    private readonly element: MomlRecord,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
    this.suspended = element.initial === 'suspend';
  }

  start(): void {
    this.runPrompt(0);
  }

  receiveEvent(event: string): void {
    longestMatch(this.handlers, event)?.(event);
  }

  private readonly handlers: Readonly<Record<string, (event: string) => void>> = {
    pause: () => this.suspend('skip'),
    'pause.silence': (event) => this.suspend('silence', event),
    resume: () => this.resume(),
    'toggle-state': () => (this.suspended ? this.resume() : this.suspend('skip')),
    nospeech: (event) => {
      if (!this.created) this.cancel(event);
    },
    terminate: (event) => this.terminate(event),
    'terminate.cancelled': (event) => this.cancel(event),
    'terminate.finalsilence': (event) => this.terminate(event, 'finalsilence'),
  };

  /** The prompts before it, one after the other (§9.7.4.1, §9.7.4.2). */
  private runPrompt(index: number): void {
    const prompt = this.element.play?.[index];
    if (this.cause !== undefined || !prompt) {
      this.prompt = undefined;
      this.record();
      return;
    }
    this.prompt = this.scope.run(prompt, () => this.runPrompt(index + 1));
  }

  private record(): void {
    if (this.cause !== undefined) {
      this.finish(this.cause, 0);
      return;
    }
    const { folders, openRecordings, ids } = this.scope.services;
    const dest = this.element.dest ?? this.element.audiodest;
    const path = dest === undefined ? undefined : folders.recordingPath(dest);
    if (path && !path.ok) {
      this.fail('410', `${dest}: ${path.error}`);
      return;
    }
    this.path = path?.value ?? join(folders.recordingsPath, `${ids.token(NAME_BYTES)}.wav`);
    if (!openRecordings.claim(this.path)) this.fail('410', `${dest}: the file is being recorded to`);
    else this.tryToOpen();
  }

  private tryToOpen(): void {
    try {
      this.open();
    } catch (error) {
      this.scope.services.openRecordings.release(this.path);
      this.fail('500', error instanceof Error ? error.message : 'the file can not be made');
    }
  }

  private open(): void {
    const { media, folders } = this.scope.services;
    const { element } = this;
    folders.prepare(this.path);
    this.recording = media.record(this.scope.target.id, {
      path: this.path,
      channels: element.channels === '2' ? 2 : 1,
      sampleRate: sampleRate(element.audiosamplerate) ?? 8000,
      maxtimeMs: durationMs(element.maxtime) ?? DEFAULT_MAXTIME_MS,
      prespeechMs: durationMs(element.prespeech) ?? 0,
      postspeechMs: durationMs(element.postspeech) ?? 0,
      append: element.append ?? false,
      beep: element.beep ?? false,
      ...this.leadIn(),
      manifest: { target: this.scope.target.id },
    });
    this.created = !this.suspended;
    if (this.suspended) this.recording.pause('skip');
    this.listenForKey();
    void this.recording.done.then((outcome) => this.scope.post(() => this.receiveOutcome(outcome)));
  }

  /** The transformers that a serial group puts before it (§9.8). */
  private leadIn(): Pick<RecordOptions, 'transformer'> {
    const transformer = this.scope.flow.chainOf(this.element);
    return transformer ? { transformer } : {};
  }

  private listenForKey(): void {
    const key = this.element.termkey?.toUpperCase();
    if (key === undefined) return;
    this.unlisten = this.scope.target.digits.listen(({ digit }) => {
      if (digit.toUpperCase() !== key) return false;
      this.scope.post(() => this.terminate('record.complete.termkey'));
      return true;
    });
  }

  private receiveOutcome(outcome: RecordingOutcome): void {
    this.scope.services.openRecordings.release(this.path);
    const end = endOf(outcome, this.cause);
    if (outcome.reason === 'failed') this.fail('500', outcome.error ?? 'the file can not be written');
    else this.finish(end, outcome.lengthMs);
  }

  private finish(end: string, lengthMs: number): void {
    this.unlisten?.();
    const { variables } = this.scope;
    variables.set('record', this.id, 'len', String(Math.round(lengthMs)));
    variables.set('record', this.id, 'end', end);
    if (this.path !== '') variables.set('record', this.id, 'recordid', pathToFileURL(this.path).href);
    this.end(this.element.recordexit);
  }

  private fail(status: string, description: string): void {
    this.unlisten?.();
    this.scope.variables.set('record', this.id, 'end', 'record.failed');
    this.scope.fail(status, description);
    this.end();
  }

  private terminate(event: string, trim?: 'finalsilence'): void {
    this.cause ??= event;
    this.prompt?.receiveEvent(event);
    this.recording?.stop(trim);
  }

  private cancel(event: string): void {
    this.cause ??= event;
    this.prompt?.receiveEvent(event);
    this.recording?.cancel();
  }

  /** The event of a pause with silence is kept in the manifest. */
  private suspend(mode: PauseMode, note?: string): void {
    this.suspended = true;
    this.recording?.pause(mode, note);
  }

  private resume(): void {
    this.suspended = false;
    this.created = this.recording !== undefined;
    this.recording?.resume();
  }
}

const ENDS: Partial<Record<RecordingOutcome['reason'], string>> = {
  maxlength: 'record.complete.maxlength',
  prespeech: 'record.failed.prespeech',
  postspeech: 'record.complete.postspeech',
};

const endOf = ({ reason }: RecordingOutcome, cause: string | undefined): string =>
  ENDS[reason] ?? cause ?? 'terminate';
