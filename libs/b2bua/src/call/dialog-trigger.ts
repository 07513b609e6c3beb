import type { Role } from './call-snapshot';

/**
 * What a dialog of the call tells the use case under way. `settled` is ours: an offer that a media server made
 * in a 2xx has got its true answer.
 */
export type DialogTrigger =
  `${Role} ${'provisional' | 'accepted' | 'refused' | 'cancelled' | 'acknowledged' | 'settled' | 'ended'}`;
