import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromMedia, MediaLink, ToMedia } from './messages';

/** How long a process may take to end that has closed its connection. */
const FAREWELL_MS = 2000;
const MAIN = join(__dirname, 'main.js');

/** Starts the media in a process of their own, with the environment of this one. */
export function forkMedia(): MediaLink {
  const child = fork(MAIN, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const link: MediaLink = {
    pid: child.pid,
    onMessage: () => undefined,
    onExit: () => undefined,
    send(message: ToMedia) {
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
  };
  child.on('message', (message) => link.onMessage(message as FromMedia));
  let isOver = false;
  const end = (how: string): void => {
    if (isOver) return;
    isOver = true;
    link.onExit(how);
  };
  child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  child.on('error', (error) => {
    if (child.pid === undefined) end(error.message);
  });
  // Who does not listen any more is no use, whatever it still does.
  child.once('disconnect', () => void setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS).unref());
  return link;
}
