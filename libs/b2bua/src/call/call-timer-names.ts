import type { MediaRole, RecordingId, Role } from './call-snapshot';

export const RING_TIMER = 'ring';
export const DURATION_TIMER = 'duration';
export const RELEASE_TIMER = 'release';
export const REPORT_TIMER = 'recording report';
export const parkTimer = (role: Role) => `park:${role}`;
export const mediaAnswerTimer = (role: MediaRole) => `media answer:${role}`;
export const exitGraceTimer = (id: RecordingId) => `exit grace:${id}`;
