import { arrowFor } from '@legato/kernel';
import { FRAME_MS } from '../mixer/frame';
import type { AudioTap } from '../mixer/media-node';
import { StagedWavFile } from '../wav/staged-wav-file';
import type { MediaRecording, RecordOptions, RecordingOutcome } from './media-objects';
import type { RecordingAction, RecordingEvent, RecordingState } from './recording.machine';
import { recordingTable } from './recording.machine';
import { SpeechDetector } from './speech-detector';

/** Recordings are made at this rate. */
export const RECORDING_RATE = 8000;

const SAMPLES_PER_MS = RECORDING_RATE / 1000;
/** A longer stop of the whole process is not filled up with silence. */
const LONGEST_GAP_TICKS = 250;

const silence = new Int16Array(FRAME_MS * SAMPLES_PER_MS);

const reasonOf: Partial<Record<RecordingEvent, RecordingOutcome['reason']>> = {
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
  private readonly speech = new SpeechDetector();
  private readonly mostSamples: number;
  private samples = 0;
  private settle: (outcome: RecordingOutcome) => void = () => undefined;

  /** `onEnd` is called at once when the recording ends, before the file is safe. */
  constructor(
    private readonly options: RecordOptions,
    private readonly onEnd: (recording: FileRecording) => void,
  ) {
    this.path = options.path;
    this.state = options.beep ? 'Beeping' : 'Recording';
    this.mostSamples = options.maxtimeMs
      ? Math.max(1, Math.round(options.maxtimeMs * SAMPLES_PER_MS))
      : Infinity;
    this.done = new Promise((resolve) => (this.settle = resolve));
    const format = { sampleRate: RECORDING_RATE, channels: options.channels };
    this.file = new StagedWavFile(options.path, format, options.append ?? false, (error) =>
      this.deliver('disk error', error.message),
    );
  }

  take(says: Int16Array, hears: Int16Array): void {
    if (this.state !== 'Recording') return;
    const count = Math.min(says.length, this.mostSamples - this.samples);
    this.file.append(says, hears, count);
    this.samples += count;
    this.speech.hear(says);
    if (this.samples >= this.mostSamples) this.deliver('maxlength');
    else this.checkSpeech();
  }

  skip(ticks: number): void {
    const count = Math.min(ticks, LONGEST_GAP_TICKS);
    for (let i = 0; i < count; i++) this.take(silence, silence);
  }

  /** The beep has been heard: from now on everything is in the file. */
  begin(): void {
    this.deliver('beep over');
  }

  stop(): void {
    this.deliver('stop');
  }

  pause(): void {
    this.deliver('pause');
  }

  resume(): void {
    this.deliver('resume');
  }

  cancel(): void {
    this.deliver('cancel');
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

  private readonly actions: Record<
    RecordingAction,
    (reason: RecordingOutcome['reason'], error?: string) => void
  > = {
    'finish file': (reason, error) => {
      this.file.finish().then(
        () => this.settle(this.outcome(reason, error)),
        (failure: Error) => this.settle(this.outcome('failed', failure.message)),
      );
    },
    'discard file': (reason) => void this.file.discard().then(() => this.settle(this.outcome(reason))),
  };

  private outcome(reason: RecordingOutcome['reason'], error?: string): RecordingOutcome {
    const lengthMs = Math.round(this.samples / SAMPLES_PER_MS);
    return error === undefined ? { reason, lengthMs } : { reason, lengthMs, error };
  }
}
