import type { ConferenceId, ConferenceOptions, ConferenceSnapshot } from './conference-snapshot';
import type { Conference } from './conference';
import { DURATION_TIMER, EMPTY_TIMER, WAIT_FOR_FIRST_MS } from './conference-timers';

/** What is known of a conference when it begins. */
export interface ConferenceBeginning {
  readonly id: ConferenceId;
  readonly name: string;
  readonly generation: number;
  readonly now: number;
  readonly options: ConferenceOptions;
}

export const newConference = ({ now, ...who }: ConferenceBeginning): ConferenceSnapshot => ({
  ...who,
  createdAt: now,
  state: 'created',
  mixer: 'No control',
  attempts: 0,
  usages: {},
  opened: 0,
  participants: [],
  announcements: [],
  recordings: [],
  dialogs: 0,
  timers: {},
  sequence: 0,
});

/** Its first task: the media server has nothing to do before somebody comes. */
export function beginConference(conference: Conference): void {
  const { name, generation, options } = conference.snapshot;
  conference.log('conference.created', { name, generation, metadata: options.metadata });
  conference.startTimer(DURATION_TIMER, options.maxDurationMs);
  conference.startTimer(EMPTY_TIMER, Math.max(WAIT_FOR_FIRST_MS, options.lingerMs));
}
