/** Nobody is there. */
export const EMPTY_TIMER = 'empty';
export const DURATION_TIMER = 'duration';
export const CONTROL_TIMER = 'control answer';
export const RETRY_TIMER = 'retry';
export const AUDIT_TIMER = 'audit';
export const REPORT_TIMER = 'report';
export const RELEASE_TIMER = 'release';
/** Between what announces the end of a dialog and `msml.dialog.exit`, which some servers never send. */
export const exitGraceTimer = (id: string): string => `exit grace:${id}`;

/** The longest duration of a recording with tracks. */
export const trackSetTimer = (id: string): string => `tracks:${id}`;

/** How long a new conference waits for its first participant. */
export const WAIT_FOR_FIRST_MS = 600_000;
/** How often what the media server does is compared with what is wanted. */
export const AUDIT_MS = 60_000;
/** Between two attempts to open the control dialog, doubled with each. */
export const RETRY_MS = 1_000;
/** Then the media server is given up; with what each attempt takes this is about half a minute. */
export const MAX_ATTEMPTS = 5;
