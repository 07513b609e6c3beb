import type { RecordingSnapshot } from '../call/call-snapshot';

/** The last value that was reported under `name`. */
function reported(recording: RecordingSnapshot, name: string): string | undefined {
  return recording.values.findLast((pair) => pair.name === name)?.value;
}

/** Milliseconds of `1740`, `1740ms` or `2s`: commercial servers leave the unit out. */
function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = Number.parseFloat(text);
  if (!Number.isFinite(amount) || amount < 0) return undefined;
  return text.endsWith('s') && !text.endsWith('ms') ? Math.round(amount * 1000) : Math.round(amount);
}

/** Turns the shadow variables of a record dialog (RFC 5707 §9.7.4) into what clients read. */
export function keepResults(recording: RecordingSnapshot): void {
  recording.durationMs = milliseconds(reported(recording, 'record.len'));
  recording.file = reported(recording, 'record.recordid');
  const end = reported(recording, 'record.end');
  if (end?.startsWith('record.failed')) {
    recording.error = { code: 'media_server_failed', detail: `The recording ended with ${end}` };
  } else if (recording.file === undefined) {
    recording.error = { code: 'no_file', detail: 'The media server reported no file' };
  }
}
