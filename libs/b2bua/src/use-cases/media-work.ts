import type { Call } from '../call/call';
import { beginMove } from './begin-move';
import type { BridgeState } from './bridge.machine';
import { beginCollect, collectsOf, isCollectActive, isSensitive, tellCollects } from './collect';
import { beginPlay, isPlayActive, playsOf, tellPlays } from './play';
import {
  beginRequestedRecordings,
  failRequestedRecordings,
  loseRecordings,
  resumeRecordings,
} from './record';
import { isActive } from './recording-life';

/** How many plays and collections are waiting or under way. */
export const activeMediaWork = (call: Pick<Call, 'snapshot'>): number =>
  playsOf(call).filter(isPlayActive).length + collectsOf(call).filter(isCollectActive).length;

/** Whether the call needs the media server for more than to connect its parties. */
export const hasMediaWork = (call: Pick<Call, 'snapshot'>): boolean =>
  call.snapshot.recordings.some(isActive) || activeMediaWork(call) > 0;

/** While a second party is being called the first one can be worked with, until the two are about to be joined. */
const BEFORE_JOIN: readonly string[] = ['Getting callee offer', 'Ringing callee'] satisfies BridgeState[];

function isOccupied({ snapshot: { procedure } }: Call): boolean {
  return procedure !== null && !(procedure.name === 'bridge' && BEFORE_JOIN.includes(procedure.state));
}

/**
 * Starts what waits for media, or gets the media: every recording, and of what a party hears or keys the next in turn.
 * Does nothing while the call is being connected or moved.
 */
export function beginMediaWork(call: Call): void {
  const { state, mode } = call.snapshot;
  if (isOccupied(call) || (state !== 'in_progress' && state !== 'held') || !hasMediaWork(call)) return;
  if (mode === 'direct') {
    beginMove(call);
    return;
  }
  if (!call.usage('caller media')) return;
  // What is sensitive is over soon; a recording that began meanwhile would have to be silent from its first moment on.
  if (!isSensitive(call)) beginRequestedRecordings(call);
  beginNext(call);
}

/** Ids sort by time: what was asked for first is heard first. */
function beginNext(call: Call): void {
  const play = playsOf(call).find(isPlayActive);
  const collect = collectsOf(call).find(isCollectActive);
  const isPlaysTurn = play && (!collect || isBefore(play, collect));
  if (isPlaysTurn) {
    if (play.state === 'queued') beginPlay(call, play);
  } else if (collect?.state === 'queued') beginCollect(call, collect);
}

/** What has begun is never overtaken. */
function isBefore(
  play: { readonly state: string; readonly order: number },
  collect: { readonly state: string; readonly order: number },
): boolean {
  if (collect.state !== 'queued') return false;
  return play.state !== 'queued' || play.order < collect.order;
}

/** The call could not be moved to a media server. */
export function failMediaWork(call: Call): void {
  failRequestedRecordings(call);
  tellPlays(call, 'media failed');
  tellCollects(call, 'media failed');
}

/** The media server is gone: nothing reports any more. */
export function loseMediaWork(call: Call): void {
  loseRecordings(call);
  tellPlays(call, 'lost');
  tellCollects(call, 'lost');
}

/** The call ends: what only the parties would have heard ends with it; recordings are stopped by {@link release}. */
export function endMediaWork(call: Call): void {
  tellPlays(call, 'call ends');
  tellCollects(call, 'call ends');
}

/** Another process takes the call up: requests whose answer went to the old one are sent again. */
export function resumeMediaWork(call: Call): void {
  resumeRecordings(call);
  tellPlays(call, 'taken over');
  tellCollects(call, 'taken over');
  beginMediaWork(call);
}
