import { arrowFor, crashPoint } from '@legato/kernel';
import type { MsmlDialogResult, MsmlOutcome } from '@legato/msml';
import { isGone, rootOfObjectId } from '@legato/msml';
import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { mediaOf } from '../call/call-snapshot';
import type { PlayId, PlayedTo, PlaySnapshot } from '../call/play-snapshot';
import { failureOf, isStarted, refusalOf, reported } from '../media-control/dialog-report';
import { connectionId, presentLegs } from '../media-control/join-connections';
import type { PlayOptions } from '../media-control/play-requests';
import { endOperations, playOperations } from '../media-control/play-requests';
import { keepLatest, nextOrder } from './keep-latest';
import type { PlayAction, PlayState, PlayTrigger } from './play.machine';
import { playMachine } from './play.machine';

const FINAL: readonly PlayState[] = ['completed', 'barged', 'stopped', 'failed'];

/** Whether the play still owes its outcome. */
export const isPlayActive = ({ state }: PlaySnapshot): boolean => !FINAL.includes(state);

/** The plays of a call, in the order they were asked for. */
export const playsOf = (call: Pick<Call, 'snapshot'>): PlaySnapshot[] => (call.snapshot.plays ??= []);

const describe = ({ id, leg, error }: PlaySnapshot) => ({ play_id: id, leg, error });

const logged = (type: string) => (call: Call, play: PlaySnapshot) => {
  play.endedAt = call.runtime.clock.wallTime();
  call.log(type, describe(play));
};

const actions: Readonly<Record<PlayAction, (call: Call, play: PlaySnapshot) => void>> = {
  'send dialogstart': (call, play) => {
    for (const leg of hearers(call, play)) {
      const part = (play.parts[leg] ??= { target: connectionId(call, mediaOf(leg)) });
      if (part.isStarted || part.end !== undefined) continue;
      call.mediaDialogs.watch(dialogOf(play, part));
      const operations = playOperations({ targets: [part.target], name: play.id }, play.options);
      call.submit('caller media', `play start ${play.id} ${leg}`, operations);
    }
  },
  'send dialogend': (call, play) => {
    for (const [leg, { target, end }] of Object.entries(play.parts)) {
      if (end !== undefined) continue;
      const operations = endOperations({ targets: [target], name: play.id });
      call.submit('caller media', `play stop ${play.id} ${leg}`, operations);
    }
  },
  'log play.started': (call, play) => {
    play.startedAt = call.runtime.clock.wallTime();
    call.log('play.started', describe(play));
  },
  'log play.completed': logged('play.completed'),
  'log play.barged': logged('play.barged'),
  'log play.stopped': logged('play.stopped'),
  'log play.failed': logged('play.failed'),
};

const dialogOf = (play: PlaySnapshot, { target }: PlayedTo): string => `${target}/dialog:${play.id}`;

function hearers(call: Call, { leg }: PlaySnapshot): readonly LegRole[] {
  return presentLegs(call).filter((role) => leg === undefined || role === leg);
}

function trigger(call: Call, play: PlaySnapshot, what: PlayTrigger): void {
  const arrow = arrowFor(playMachine, play.state, what);
  if (!arrow) return;
  play.state = arrow.to;
  for (const action of arrow.do) actions[action](call, play);
  if (isPlayActive(play)) return;
  for (const part of Object.values(play.parts)) call.mediaDialogs.forget(dialogOf(play, part));
  const { id, error } = play;
  call.mediaWorkFinished({ kind: 'play', id, outcome: play.state, ...(error && { error }) });
}

/**
 * Puts a play into the queue of media work; to one party, or without `leg` to all that are there. A direct call moves to
 * the media server first.
 */
export function requestPlay(call: Call, { leg, ...options }: PlayOptions & { leg?: LegRole }): PlaySnapshot {
  const plays = playsOf(call);
  keepLatest(plays, isPlayActive);
  const play: PlaySnapshot = {
    id: `play_${call.runtime.ids.uuidv7()}` as PlayId,
    options,
    ...(leg === undefined ? {} : { leg }),
    createdAt: call.runtime.clock.wallTime(),
    order: nextOrder(call),
    state: 'queued',
    parts: {},
  };
  plays.push(play);
  call.beginMediaWork();
  return play;
}

/** What it waited for is over. */
export function beginPlay(call: Call, play: PlaySnapshot): void {
  if (hearers(call, play).length > 0) trigger(call, play, 'its turn');
  else {
    play.error = { code: 'leg_not_connected', detail: `The call has no ${play.leg}` };
    trigger(call, play, 'media failed');
  }
}

export const stopPlay = (call: Call, play: PlaySnapshot): void => trigger(call, play, 'stop');

/** Something happened to the media of the call as a whole. */
export function tellPlays(
  call: Call,
  what: Extract<PlayTrigger, 'media failed' | 'call ends' | 'taken over' | 'lost'>,
): void {
  for (const play of [...playsOf(call)]) {
    if (!isPlayActive(play)) continue;
    if (what === 'media failed' && play.state !== 'queued') continue;
    if (what === 'media failed') {
      play.error = { code: 'media_unavailable', detail: 'The call could not be moved to a media server' };
    } else if (what === 'lost') {
      play.error = {
        code: 'media_server_lost',
        detail: 'The media server let go before the end of the play',
      };
    }
    trigger(call, play, what);
  }
}

/** The media server answered a request that starts, or stops, a play to `leg`. */
export function receivePlayOutcome(
  call: Call,
  verb: string,
  id: string,
  outcome: MsmlOutcome,
  leg?: string,
): void {
  const play = playsOf(call).find((candidate) => candidate.id === id);
  const part = play?.parts[leg as LegRole];
  if (!play || !part || !isPlayActive(play)) return;
  const isDone = verb === 'start' ? isStarted(outcome) : isGone(outcome);
  if (!isDone) play.error = refusalOf(outcome);
  if (verb === 'start') crashPoint('play confirmed');
  if (verb === 'start') receiveStart(call, play, part, isDone);
  else receiveStop(call, play, part, outcome, isDone);
}

function receiveStart(call: Call, play: PlaySnapshot, part: PlayedTo, isDone: boolean): void {
  if (isDone) part.isStarted = true;
  trigger(call, play, isDone ? 'started' : 'start refused');
}

function receiveStop(
  call: Call,
  play: PlaySnapshot,
  part: PlayedTo,
  outcome: MsmlOutcome,
  isDone: boolean,
): void {
  call.mediaDialogs.receiveEnd(dialogOf(play, part), outcome);
  if (!isDone) trigger(call, play, 'stop refused');
}

/** What a dialog of the play called `name` came to; the play is over when every party has heard it. */
export function playDialogFinished(call: Call, name: string, result: MsmlDialogResult): void {
  const play = playsOf(call).find((candidate) => candidate.id === name);
  const part = Object.values(play?.parts ?? {}).find(({ target }) => target === rootOfObjectId(result.id));
  if (!play || !part || !isPlayActive(play)) return;
  part.end = endOf(result, play);
  if (part.end === 'broke off') {
    play.error = failureOf(result) ?? { code: 'media_server_failed', detail: 'The file can not be played' };
  }
  const ends = Object.values(play.parts).map(({ end }) => end);
  if (ends.includes(undefined)) return;
  const decisive = (['broke off', 'barged', 'ended'] as const).find((end) => ends.includes(end));
  trigger(call, play, decisive ?? 'all played');
}

function endOf(result: MsmlDialogResult, play: PlaySnapshot): PlayedTo['end'] {
  const end = reported(result.values, 'play.end');
  if (!result.ok || end?.startsWith('play.failed')) return 'broke off';
  if (end === undefined) return play.state === 'stopping' ? 'ended' : 'all played';
  if (end.startsWith('play.complete')) return 'all played';
  return play.options.barge ? 'barged' : 'ended';
}
