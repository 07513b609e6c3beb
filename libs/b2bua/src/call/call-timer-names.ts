import type { MediaRole, Role } from './call-snapshot';

export const RING_TIMER = 'ring';
export const DURATION_TIMER = 'duration';
export const RELEASE_TIMER = 'release';
export const REPORT_TIMER = 'recording report';
export const parkTimer = (role: Role) => `park:${role}`;
export const mediaAnswerTimer = (role: MediaRole) => `media answer:${role}`;
/** Kind of {@link dialogGraceTimer}. */
export const DIALOG_GRACE = 'dialog grace';
export const dialogGraceTimer = (number: string) => `${DIALOG_GRACE}:${number}`;
export const recordingExitTimer = (id: string) => `recording exit:${id}`;
