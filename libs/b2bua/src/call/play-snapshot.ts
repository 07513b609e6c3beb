import type { Branded } from '@legato/kernel';
import type { MediaFailure } from '../media-control/dialog-report';
import type { PlayOptions } from '../media-control/play-requests';
import type { PlayState } from '../use-cases/play.machine';
import type { LegRole } from './call-snapshot';

/** `play_<uuidv7>` */
export type PlayId = Branded<'PlayId'>;

/** The dialog that plays to one party, and how it ended. */
export interface PlayedTo {
  /** `conn:…` */
  readonly target: string;
  /** The media server has said so. */
  isStarted?: true;
  end?: 'all played' | 'barged' | 'ended' | 'broke off';
}

export interface PlaySnapshot {
  readonly id: PlayId;
  readonly options: PlayOptions;
  /** Who hears it; chosen when it begins if nobody was named. */
  readonly leg?: LegRole;
  readonly createdAt: number;
  /** Its place in the queue of what the parties hear and key. */
  readonly order: number;
  state: PlayState;
  parts: Partial<Record<LegRole, PlayedTo>>;
  startedAt?: number;
  endedAt?: number;
  error?: MediaFailure;
}
