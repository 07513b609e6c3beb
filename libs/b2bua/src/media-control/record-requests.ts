import type { MomlRecord, MsmlOperation } from '@legato/msml';

/** Shadow variables that a finished record dialog reports (RFC 5707 §9.7.4). */
const REPORTED = 'record.len record.end record.recordid';
/** The length of pause names that is sure to be understood. */
const MOST_REASON_CHARACTERS = 64;

/** How a paused recording goes on: with silence of the same length, or as if that time had not been. */
export type PauseMode = 'silence' | 'skip';

/** How something is recorded; times in milliseconds. */
export interface RecordOptions {
  /** `dual`: left what a connection says, right what it hears. */
  readonly channels: 'mono' | 'dual';
  readonly maxMs: number;
  /** Silence that ends it after something was said. */
  readonly maxSilenceMs?: number;
  /** Silence at its begin that makes it fail. */
  readonly maxInitialSilenceMs?: number;
  readonly beep?: boolean;
  /** A key that ends it. */
  readonly termKey?: string;
  readonly sampleRateHz?: number;
}

/** The whole name is a note in the manifest of a media server that knows it; to others it is a pause (RFC 5707 §9.3). */
function pauseEvent(mode: PauseMode, reason: string | undefined): string {
  if (mode === 'skip') return 'pause';
  const note = reason?.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, MOST_REASON_CHARACTERS);
  return note ? `pause.silence.${note}` : 'pause.silence';
}

const milliseconds = (duration: number): string => `${duration}ms`;

/** Records a connection or the mix of a conference as a dialog of its own (RFC 5707 §9.7.4). */
export function recordOperations(
  { target, name }: { readonly target: string; readonly name: string },
  options: RecordOptions,
): MsmlOperation[] {
  const { channels, maxMs, maxSilenceMs, maxInitialSilenceMs, beep, termKey, sampleRateHz } = options;
  const record: MomlRecord = {
    element: 'record',
    dest: `file://${name}.wav`,
    format: 'audio/wav;codecs=L16',
    maxtime: `${Math.ceil(maxMs / 1000)}s`,
    ...(sampleRateHz === undefined ? {} : { audiosamplerate: String(sampleRateHz / 1000) }),
    ...(maxInitialSilenceMs === undefined ? {} : { prespeech: milliseconds(maxInitialSilenceMs) }),
    ...(maxSilenceMs === undefined ? {} : { postspeech: milliseconds(maxSilenceMs) }),
    ...(termKey === undefined ? {} : { termkey: termKey }),
    ...(beep ? { beep } : {}),
    ...(channels === 'dual' ? { channels: '2' } : {}),
    recordexit: [{ element: 'exit', namelist: REPORTED }],
  };
  return [{ element: 'dialogstart', target, type: 'application/moml+xml', name, content: [record] }];
}

const tell = (dialogId: string, event: string): MsmlOperation => ({
  element: 'send',
  event,
  target: `${dialogId}/record`,
});

/** Pauses the recording of a dialog. */
export const pauseOperations = (dialogId: string, mode: PauseMode, reason?: string): MsmlOperation[] => [
  tell(dialogId, pauseEvent(mode, reason)),
];

/** Lets it go on. */
export const resumeOperations = (dialogId: string): MsmlOperation[] => [tell(dialogId, 'resume')];

/** Ends it; with `trim` without the silence at its end. */
export const stopRecordOperations = (dialogId: string, trim?: boolean): MsmlOperation[] =>
  trim ? [tell(dialogId, 'terminate.finalsilence')] : [{ element: 'dialogend', id: dialogId }];
