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
export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed: string | undefined;

/** Has the process killed where it comes by `name` next. For tests alone. */
export function armCrashPoint(name: string): void {
  armed = name;
}

/** Kills the process (SIGKILL: nothing is cleaned up) when this point is armed. */
export function crashPoint(name: CrashPoint): void {
  if (name === armed) process.kill(process.pid, 'SIGKILL');
}
