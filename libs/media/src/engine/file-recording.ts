import type { Clock } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import { FrameConverter } from '../codecs/frame-converter';
import { FRAME_MS, frameSamples } from '../mixer/frame';
import type { AudioTap } from '../mixer/media-node';
import { StagedWavFile } from '../wav/staged-wav-file';
import type { MediaRecording, PauseMode, RecordOptions, RecordingOutcome } from './media-objects';
import { RecordingJournal } from './recording-journal';
import type { RecordingAction, RecordingEvent, RecordingState } from './recording.machine';
import { recordingTable } from './recording.machine';
import { SpeechDetector } from './speech-detector';

const DEFAULT_RATE = 8000;
/** A longer stop of the whole process is not filled up with silence. */
const LONGEST_GAP_TICKS = 250;

type Reason = RecordingOutcome['reason'];

const reasonOf: Partial<Record<RecordingEvent, Reason>> = {
  stop: 'stopped',
  cancel: 'cancelled',
  maxlength: 'maxlength',
  prespeech: 'prespeech',
  postspeech: 'postspeech',
  'disk error': 'failed',
};

/** A recording of a node into a WAV file, fed once a tick (RFC 5707 §9.7.4). */
export class FileRecording implements MediaRecording, AudioTap {
  readonly path: string;
  readonly done: Promise<RecordingOutcome>;
  private state: RecordingState;
  private readonly file: StagedWavFile;
  private readonly journal: RecordingJournal;
  private readonly speech = new SpeechDetector();
  private readonly sampleRate: number;
  private readonly mostSamples: number;
  private readonly leftConverter = new FrameConverter();
  private readonly rightConverter = new FrameConverter();
  private readonly silence: Int16Array;
  private readonly heedsSpeech: boolean;
  private samples = 0;
  private samplesSinceSpeech = 0;
  /** Cut off at the end. */
  private trimmed = 0;
  private settle: (outcome: RecordingOutcome) => void = () => undefined;

  /** `onEnd` is called at once when the recording ends, before the file is safe. */
  constructor(
    private readonly options: RecordOptions,
    clock: Clock,
    private readonly onEnd: (recording: FileRecording) => void,
  ) {
    this.path = options.path;
    this.state = options.beep ? 'Beeping' : 'Recording';
    this.sampleRate = options.sampleRate ?? DEFAULT_RATE;
    this.silence = new Int16Array(frameSamples(this.sampleRate));
    const mostSamples = Math.round(((options.maxtimeMs ?? 0) * this.sampleRate) / 1000);
    this.mostSamples = options.maxtimeMs ? Math.max(1, mostSamples) : Infinity;
    this.heedsSpeech = (options.prespeechMs ?? 0) > 0 || (options.postspeechMs ?? 0) > 0;
    this.done = new Promise((resolve) => (this.settle = resolve));
    this.journal = new RecordingJournal(options, clock);
    const format = { sampleRate: this.sampleRate, channels: options.channels };
    this.file = new StagedWavFile(options.path, format, options.append ?? false, (error) =>
      this.deliver('disk error', error.message),
    );
  }

  take(says: Int16Array, hears: Int16Array): void {
    if (this.state === 'Recording') this.record(says, hears);
    else if (this.state === 'Paused' || this.state === 'Silenced') this.rest();
  }

  skip(ticks: number): void {
    if (this.state !== 'Recording') return;
    this.journal.noteGap(this.lengthMs, ticks * FRAME_MS);
    const count = Math.min(ticks, LONGEST_GAP_TICKS);
    for (let i = 0; i < count; i++) this.store(this.silence, this.silence);
  }

  /** The beep has been heard: from now on everything is in the file. */
  begin(): void {
    this.deliver('beep over');
  }

  stop(trim?: 'finalsilence'): void {
    if (this.state === 'Ended') return;
    if (trim) this.trimmed = Math.min(this.samples, this.samplesSinceSpeech);
    this.samples -= this.trimmed;
    this.deliver('stop');
  }

  pause(mode: PauseMode = 'skip', note?: string): void {
    const before = this.state;
    this.deliver(mode === 'silence' ? 'silence' : 'pause');
    if (this.state !== before) this.journal.notePause(this.lengthMs, mode, note);
  }

  resume(): void {
    this.deliver('resume');
  }

  cancel(): void {
    this.deliver('cancel');
  }

  private get lengthMs(): number {
    return Math.round((this.samples * 1000) / this.sampleRate);
  }

  private record(says: Int16Array, hears: Int16Array): void {
    const left = this.leftConverter.convert(says, this.sampleRate);
    const right = this.options.channels === 2 ? this.rightConverter.convert(hears, this.sampleRate) : left;
    this.speech.hear(left);
    if (this.speech.quietFrames === 0) this.samplesSinceSpeech = -left.length;
    this.store(left, right);
    if (this.heedsSpeech) this.checkSpeech();
  }

  private rest(): void {
    this.journal.prolongPause(FRAME_MS);
    if (this.state === 'Silenced') this.store(this.silence, this.silence);
  }

  private store(left: Int16Array, right: Int16Array): void {
    const count = Math.min(left.length, this.mostSamples - this.samples);
    if (count === 0) return;
    this.file.append(left, right, count);
    this.samples += count;
    this.samplesSinceSpeech += count;
    if (this.samples >= this.mostSamples) this.deliver('maxlength');
  }

  private checkSpeech(): void {
    const { prespeechMs = 0, postspeechMs = 0 } = this.options;
    const quietMs = this.speech.quietFrames * FRAME_MS;
    if (!this.speech.spoken && prespeechMs > 0 && quietMs >= prespeechMs) this.deliver('prespeech');
    if (this.speech.spoken && postspeechMs > 0 && quietMs >= postspeechMs) this.deliver('postspeech');
  }

  private deliver(event: RecordingEvent, error?: string): void {
    const arrow = arrowFor(recordingTable, this.state, event);
    if (!arrow) return;
    this.state = arrow.to;
    if (arrow.to === 'Ended') this.onEnd(this);
    for (const action of arrow.do) this.actions[action](reasonOf[event] ?? 'stopped', error);
  }

  private readonly actions: Record<RecordingAction, (reason: Reason, error?: string) => void> = {
    'finish file': (reason, error) => {
      this.finish(reason).then(
        () => this.settle(this.outcome(reason, error)),
        (failure: Error) => this.settle(this.outcome('failed', failure.message)),
      );
    },
    'discard file': (reason) => {
      const gone = this.file.discard().then(() => this.journal.discard());
      void gone.finally(() => this.settle(this.outcome(reason)));
    },
  };

  private async finish(reason: Reason): Promise<void> {
    try {
      await this.file.finish(this.trimmed);
    } catch (error) {
      // What was written before is kept, and its manifest says what became of the rest; a full disk may not take that either.
      await this.journal.complete('failed', this.file.writtenSamples, this.sampleRate).catch(() => undefined);
      throw error;
    }
    await this.journal.complete(reason, this.file.writtenSamples, this.sampleRate);
  }

  private outcome(reason: Reason, error?: string): RecordingOutcome {
    const { lengthMs } = this;
    return error === undefined ? { reason, lengthMs } : { reason, lengthMs, error };
  }
}
