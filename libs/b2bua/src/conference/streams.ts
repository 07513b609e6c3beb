import type { MsmlOperation, MsmlStream } from '@legato/msml';
import type { PromptSource } from '../media-control/prompt-source';
import { endOperations, FOREVER, playOperations } from '../media-control/play-requests';
import type { ConferenceSnapshot, Loudness, ParticipantSnapshot, Streams } from './conference-snapshot';
import { mixerId } from './conference-snapshot';

/** Whether somebody is connected but not to be mixed: on hold, or before the start. */
const waits = ({ state }: ConferenceSnapshot, { hold }: ParticipantSnapshot): boolean =>
  hold || state === 'created';

const isMuted = ({ muted, silencedBy = [] }: ParticipantSnapshot): boolean => muted || silencedBy.length > 0;

/** Whether nothing of what it says reaches anybody. */
export const isSilent = ({ speak, whisper }: Streams): boolean =>
  (speak === undefined || speak === 'mute') && (whisper === undefined || whisper.loudness === 'mute');

/** A coach is heard by one participant, and by nobody when that one is not there: least of all by everybody. */
function whisperOf(conference: ConferenceSnapshot, coach: ParticipantSnapshot): Streams['whisper'] {
  const coached = conference.participants.find(({ id }) => id === coach.coachOf);
  if (coached?.state !== 'connected' || coached.connection === undefined || waits(conference, coached))
    return undefined;
  return { to: coached.connection, loudness: isMuted(coach) ? 'mute' : coach.gainDb };
}

/** What ought to flow for a participant, by what is wanted of it. */
export function wantedStreams(conference: ConferenceSnapshot, participant: ParticipantSnapshot): Streams {
  const { state, connection, deaf, gainDb, coachOf, silentHold, applied } = participant;
  if (state === 'left' || connection === undefined) return {};
  if (waits(conference, participant)) {
    const hasMusic = conference.options.music.length > 0 && !silentHold;
    return hasMusic ? { music: applied.music ?? '' } : {};
  }
  const hear: Loudness = deaf ? 'mute' : 0;
  if (coachOf === undefined) return { speak: isMuted(participant) ? 'mute' : gainDb, hear };
  const whisper = whisperOf(conference, participant);
  return whisper ? { hear, whisper } : { hear };
}

/** Whether the mixer has a stream of it. */
export const isMixed = ({ speak, hear }: Streams): boolean => speak !== undefined || hear !== undefined;

const DIRECTIONS = { speak: 'from-id1', hear: 'to-id1' } as const;
type Half = keyof typeof DIRECTIONS;
const HALVES: readonly Half[] = ['speak', 'hear'];

/** A new stream has no gain: 0 needs no word. */
function newStream(dir: MsmlStream['dir'], loudness: Loudness): MsmlStream {
  return {
    media: 'audio',
    ...(dir ? { dir } : {}),
    ...(loudness === 0 ? {} : { gain: { amt: String(loudness) } }),
  };
}

/** What ends a mute has a word of its own on some media servers. */
const changedStream = (dir: MsmlStream['dir'], loudness: Loudness): MsmlStream => ({
  media: 'audio',
  ...(dir ? { dir } : {}),
  gain: { amt: loudness === 0 ? 'unmute' : String(loudness) },
});

function mixOperations(ids: { id1: string; id2: string }, from: Streams, to: Streams): MsmlOperation[] {
  const added = HALVES.filter((half) => to[half] !== undefined && from[half] === undefined);
  const removed = HALVES.filter((half) => to[half] === undefined && from[half] !== undefined);
  const changed = HALVES.filter(
    (half) => to[half] !== undefined && from[half] !== undefined && to[half] !== from[half],
  );
  const plain = added.length === HALVES.length && added.every((half) => to[half] === 0);
  const operations: MsmlOperation[] = [];
  if (plain) operations.push({ element: 'join', ...ids });
  else if (added.length > 0) {
    const streams = added.map((half) => newStream(DIRECTIONS[half], to[half] ?? 0));
    operations.push({ element: 'join', ...ids, streams });
  }
  if (changed.length > 0) {
    const streams = changed.map((half) => changedStream(DIRECTIONS[half], to[half] ?? 0));
    operations.push({ element: 'modifystream', ...ids, streams });
  }
  // Without streams, all of them end (RFC 5707 §8.10).
  if (removed.length > 0 && !isMixed(to)) operations.push({ element: 'unjoin', ...ids });
  else if (removed.length > 0) {
    const streams = removed.map((half): MsmlStream => ({ media: 'audio', dir: DIRECTIONS[half] }));
    operations.push({ element: 'unjoin', ...ids, streams });
  }
  return operations;
}

function whisperOperations(id1: string, from: Streams['whisper'], to: Streams['whisper']): MsmlOperation[] {
  if (from && to?.to === from.to) {
    if (to.loudness === from.loudness) return [];
    const streams = [changedStream('from-id1', to.loudness)];
    return [{ element: 'modifystream', id1, id2: to.to, streams }];
  }
  const operations: MsmlOperation[] = [];
  if (from)
    operations.push({
      element: 'unjoin',
      id1,
      id2: from.to,
      streams: [{ media: 'audio', dir: 'from-id1' }],
    });
  if (to)
    operations.push({
      element: 'join',
      id1,
      id2: to.to,
      streams: [newStream('from-id1', to.loudness)],
    });
  return operations;
}

/**
 * The operations that make `to` of `from` for a connection, in one request: what begins before what ends, so that nobody who
 * is moved leaves the conference empty in between (RFC 5707 §8.8 to §8.10).
 */
export function streamOperations(
  conference: ConferenceSnapshot,
  connection: string,
  { from, to }: { readonly from: Streams; readonly to: Streams },
): MsmlOperation[] {
  const { music } = conference.options;
  const ids = { id1: connection, id2: mixerId(conference) };
  const names = (name: string) => ({ targets: [connection], name });
  return [
    ...(from.music !== undefined && from.music !== to.music ? endOperations(names(from.music)) : []),
    ...mixOperations(ids, from, to),
    ...whisperOperations(connection, from.whisper, to.whisper),
    ...(to.music !== undefined && from.music !== to.music
      ? playOperations(names(to.music), { sources: music, loop: FOREVER, barge: false })
      : []),
  ];
}

/** A rising tone for who comes, a falling one for who goes. */
export function toneOperations(target: string, name: string, kind: 'enter' | 'leave'): MsmlOperation[] {
  const rising = ['480', '620'];
  const frequencies = kind === 'enter' ? rising : [...rising].reverse();
  const content = frequencies.map((freq) => ({
    element: 'tone' as const,
    duration: '150ms',
    tone1: { freq, atten: '-18' },
  }));
  return [
    {
      element: 'dialogstart',
      target,
      type: 'application/moml+xml',
      name,
      content: [{ element: 'tonegen', content }],
    },
  ];
}

/** Plays an announcement to the conference or to one connection. */
export const announceOperations = (
  target: string,
  name: string,
  sources: readonly PromptSource[],
  loop: number,
): MsmlOperation[] => playOperations({ targets: [target], name }, { sources, loop, barge: false });
