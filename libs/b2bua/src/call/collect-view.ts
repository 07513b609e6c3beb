import type { CallSnapshot, LegRole } from './call-snapshot';
import type { CollectSnapshot } from './collect-snapshot';
import { at, maybeAt } from './view-times';

/** A collection of digits as REST shows it. */
export interface CollectView {
  readonly id: string;
  readonly call_id: string;
  readonly state: 'queued' | 'collecting' | 'matched' | 'no_input' | 'no_match' | 'terminated' | 'failed';
  readonly leg: LegRole;
  readonly sensitive: boolean;
  readonly attempts: number;
  readonly digits?: string;
  readonly created_at: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly error?: CollectSnapshot['error'];
}

/** Clients do not see that a request is under way. */
function shownState({ state, startedAt }: CollectSnapshot): CollectView['state'] {
  if (state === 'starting') return startedAt === undefined ? 'queued' : 'collecting';
  return state === 'stopping' ? 'collecting' : state;
}

/** `secret`: what was keyed in a sensitive one, for the one who reads it now. */
export function collectView(
  { id: callId }: CallSnapshot,
  collect: CollectSnapshot,
  secret?: string,
): CollectView {
  return {
    id: collect.id,
    call_id: callId,
    state: shownState(collect),
    leg: collect.request.leg,
    sensitive: collect.request.sensitive,
    attempts: collect.attempt,
    digits: collect.digits ?? secret,
    created_at: at(collect.createdAt),
    started_at: maybeAt(collect.startedAt),
    ended_at: maybeAt(collect.endedAt),
    error: collect.error,
  };
}
