import type { Branded } from '@legato/kernel';
import type { ParticipantId } from '../conference/conference-snapshot';
import type { MediaFailure } from '../media-control/dialog-report';
import type { CollectOptions } from '../media-control/collect-requests';
import type { PromptSource } from '../media-control/prompt-source';
import type { CollectState } from '../use-cases/collect.machine';
import type { LegRole } from './call-snapshot';

/** `collect_<uuidv7>` */
export type CollectId = Branded<'CollectId'>;

/** How digits are asked for. */
export interface CollectRequest extends CollectOptions {
  readonly leg: LegRole;
  /** How often it is tried again after nothing, or something wrong, was keyed. */
  readonly retries: number;
  /** The digits are stored nowhere, and recordings are silent while they are keyed. */
  readonly sensitive: boolean;
  /** Played before the prompt when it is tried again. */
  readonly noInputPrompt?: readonly PromptSource[];
  readonly noMatchPrompt?: readonly PromptSource[];
}

export interface CollectSnapshot {
  readonly id: CollectId;
  readonly request: CollectRequest;
  readonly createdAt: number;
  /** Its place in the queue of what the parties hear and key. */
  readonly order: number;
  state: CollectState;
  /** Numbers the dialogs that have been started. */
  attempt: number;
  /** Why the attempt before came to nothing. */
  missed?: 'no_input' | 'no_match';
  /** `conn:…` */
  target?: string;
  /** As whom the party takes part in a conference where nobody hears what is keyed. */
  unheardAs?: ParticipantId;
  /** What was keyed; never that of a sensitive one. */
  digits?: string;
  startedAt?: number;
  endedAt?: number;
  error?: MediaFailure;
}
