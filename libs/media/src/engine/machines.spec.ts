import { arrowFor, reachableStates } from '@legato/kernel';
import type { PlaybackEvent, PlaybackState } from './playback.machine';
import { playbackTable } from './playback.machine';
import type { RecordingEvent, RecordingState } from './recording.machine';
import { recordingTable } from './recording.machine';

describe('recording machine (RFC 5707 §9.7.4)', () => {
  it('reaches every state', () => {
    expect(reachableStates(recordingTable, 'Beeping')).toEqual(new Set(Object.keys(recordingTable)));
  });

  it.each<[RecordingState, RecordingEvent, RecordingState, string[]]>([
    ['Beeping', 'beep over', 'Recording', []],
    ['Beeping', 'pause', 'Paused', []],
    ['Beeping', 'silence', 'Silenced', []],
    ['Beeping', 'stop', 'Ended', ['finish file']],
    ['Beeping', 'cancel', 'Ended', ['discard file']],
    ['Beeping', 'disk error', 'Ended', ['finish file']],
    ['Recording', 'pause', 'Paused', []],
    ['Recording', 'silence', 'Silenced', []],
    ['Recording', 'stop', 'Ended', ['finish file']],
    ['Recording', 'cancel', 'Ended', ['discard file']],
    ['Recording', 'maxlength', 'Ended', ['finish file']],
    ['Recording', 'prespeech', 'Ended', ['finish file']],
    ['Recording', 'postspeech', 'Ended', ['finish file']],
    ['Recording', 'disk error', 'Ended', ['finish file']],
    ['Paused', 'resume', 'Recording', []],
    ['Paused', 'stop', 'Ended', ['finish file']],
    ['Paused', 'cancel', 'Ended', ['discard file']],
    ['Paused', 'disk error', 'Ended', ['finish file']],
    ['Silenced', 'resume', 'Recording', []],
    ['Silenced', 'stop', 'Ended', ['finish file']],
    ['Silenced', 'cancel', 'Ended', ['discard file']],
    ['Silenced', 'maxlength', 'Ended', ['finish file']],
    ['Silenced', 'disk error', 'Ended', ['finish file']],
  ])('%s, %s: %s', (state, event, to, actions) => {
    expect(arrowFor(recordingTable, state, event)).toEqual({ to, do: actions });
  });

  it('has no other arrows', () => {
    const arrows = Object.values(recordingTable).reduce((sum, rows) => sum + Object.keys(rows).length, 0);
    expect(arrows).toBe(23);
  });
});

describe('playback machine (RFC 5707 §9.7.1)', () => {
  it('reaches every state', () => {
    expect(reachableStates(playbackTable, 'Loading')).toEqual(new Set(Object.keys(playbackTable)));
  });

  it.each<[PlaybackState, PlaybackEvent, PlaybackState, string[]]>([
    ['Loading', 'loaded', 'Playing', []],
    ['Loading', 'load failed', 'Ended', ['report']],
    ['Loading', 'pause', 'Loading paused', []],
    ['Loading', 'stop', 'Ended', ['report']],
    ['Loading paused', 'loaded', 'Paused', []],
    ['Loading paused', 'load failed', 'Ended', ['report']],
    ['Loading paused', 'resume', 'Loading', []],
    ['Loading paused', 'stop', 'Ended', ['report']],
    ['Playing', 'round over', 'Interval', ['start round']],
    ['Playing', 'last round over', 'Ended', ['report']],
    ['Playing', 'pause', 'Paused', []],
    ['Playing', 'stop', 'Ended', ['report']],
    ['Playing', 'maxtime', 'Ended', ['report']],
    ['Interval', 'interval over', 'Playing', []],
    ['Interval', 'pause', 'Interval paused', []],
    ['Interval', 'stop', 'Ended', ['report']],
    ['Interval', 'maxtime', 'Ended', ['report']],
    ['Paused', 'resume', 'Playing', []],
    ['Paused', 'stop', 'Ended', ['report']],
    ['Interval paused', 'resume', 'Interval', []],
    ['Interval paused', 'seek', 'Paused', []],
    ['Interval paused', 'stop', 'Ended', ['report']],
  ])('%s, %s: %s', (state, event, to, actions) => {
    expect(arrowFor(playbackTable, state, event)).toEqual({ to, do: actions });
  });

  it('has no other arrows', () => {
    const arrows = Object.values(playbackTable).reduce((sum, rows) => sum + Object.keys(rows).length, 0);
    expect(arrows).toBe(22);
  });
});
