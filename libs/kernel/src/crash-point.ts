/** Places on the way of a command at which a test can have the process killed. */
export const CRASH_POINTS = [
  'command begun',
  'command unstored',
  'command stored',
  'command sent',
  'command done',
  'command kept',
  'recording confirmed',
] as const;
/** What a call wants sent is stored, and has not left. */
type BeforeSending = 'INVITE unsent' | 'CANCEL unsent' | 'ACK unsent' | 'BYE unsent' | 'final answer unsent';
/** The media server has said that it plays, and nothing of that is stored. */
type BeforeStoring = 'play confirmed';
export type CrashPoint = (typeof CRASH_POINTS)[number] | BeforeSending | BeforeStoring;

let armed: string | undefined;

/** Has the process killed where it comes by `name` next. For tests alone. */
export function armCrashPoint(name: string): void {
  armed = name;
}

/** Kills the process (SIGKILL: nothing is cleaned up) when this point is armed. */
export function crashPoint(name: CrashPoint): void {
  if (name === armed) process.kill(process.pid, 'SIGKILL');
}
