import type { PlayState } from '../use-cases/play.machine';
import type { CallSnapshot, LegRole } from './call-snapshot';
import type { PlaySnapshot } from './play-snapshot';
import { maybeAt, at } from './view-times';

/** A play as REST shows it. */
export interface PlayView {
  readonly id: string;
  readonly call_id: string;
  readonly state: 'queued' | 'playing' | 'completed' | 'barged' | 'stopped' | 'failed';
  readonly leg: LegRole | 'both';
  readonly created_at: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly error?: PlaySnapshot['error'];
}

/** Clients do not see that a request is under way. */
const SHOWN: Readonly<Partial<Record<PlayState, PlayView['state']>>> = {
  starting: 'queued',
  stopping: 'playing',
};

export function playView({ id: callId }: CallSnapshot, play: PlaySnapshot): PlayView {
  return {
    id: play.id,
    call_id: callId,
    state: SHOWN[play.state] ?? (play.state as PlayView['state']),
    leg: play.leg ?? 'both',
    created_at: at(play.createdAt),
    started_at: maybeAt(play.startedAt),
    ended_at: maybeAt(play.endedAt),
    error: play.error,
  };
}
