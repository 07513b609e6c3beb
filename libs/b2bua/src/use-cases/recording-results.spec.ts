import type { RecordingId, RecordingSnapshot } from '../call/call-snapshot';
import { keepResults } from './recording-results';

function recording(...values: [name: string, value: string][]): RecordingSnapshot {
  return {
    id: 'rec_1' as RecordingId,
    channels: 'mono',
    maxMs: 1000,
    createdAt: 0,
    state: 'completed',
    values: values.map(([name, value]) => ({ name, value })),
  };
}

describe('what a record dialog reports (RFC 5707 §9.7.4)', () => {
  it.each([
    ['1740', 1740],
    ['1740ms', 1740],
    ['2s', 2000],
    ['2.5s', 2500],
    ['undefined', undefined],
    ['-1', undefined],
  ])('reads a length of %s', (text, expected) => {
    const snapshot = recording(['record.len', text], ['record.recordid', 'file:///rec_1.wav']);
    keepResults(snapshot);
    expect(snapshot.durationMs).toBe(expected);
    expect(snapshot.error).toBeUndefined();
  });

  it('takes the last of repeated names', () => {
    const snapshot = recording(['record.recordid', 'file:///a.wav'], ['record.recordid', 'file:///b.wav']);
    keepResults(snapshot);
    expect(snapshot.file).toBe('file:///b.wav');
  });

  it('is a failure when no file is named', () => {
    const snapshot = recording(['record.len', '10']);
    keepResults(snapshot);
    expect(snapshot.error?.code).toBe('no_file');
  });

  it('is a failure when the recording ended as one', () => {
    const snapshot = recording(
      ['record.end', 'record.failed.prespeech'],
      ['record.recordid', 'file:///a.wav'],
    );
    keepResults(snapshot);
    expect(snapshot.error?.detail).toContain('record.failed.prespeech');
  });
});
