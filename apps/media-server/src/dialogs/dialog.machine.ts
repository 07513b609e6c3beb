import type { MachineTable } from '@legato/kernel';

export type DialogState = 'Running' | 'Ending' | 'Exiting' | 'Disconnecting' | 'Failing' | 'Exited';

export type DialogTrigger = 'body done' | 'terminate' | 'exit' | 'disconnect' | 'failure' | 'patience over';

export type DialogDeed =
  | 'terminate body'
  | 'stop body'
  | 'start patience'
  | 'report exit'
  | 'report results'
  | 'report failure'
  | 'disconnect target'
  | 'release';

const LEAVE = ['stop body', 'start patience'] as const;

/**
 * The life of a dialog (RFC 5707 §9.6). Ending is graceful: handlers run and results are reported (§9.6.2). In Exiting,
 * Disconnecting and Failing nothing more is executed; they last until files are safe.
 */
export const dialogMachine: MachineTable<DialogState, DialogTrigger, DialogDeed> = {
  Running: {
    'body done': { to: 'Exited', do: ['report exit', 'release'] },
    terminate: { to: 'Ending', do: ['terminate body', 'start patience'] },
    exit: { to: 'Exiting', do: LEAVE },
    disconnect: { to: 'Disconnecting', do: LEAVE },
    failure: { to: 'Failing', do: LEAVE },
  },
  Ending: {
    'body done': { to: 'Exited', do: ['report exit', 'release'] },
    exit: { to: 'Exiting', do: LEAVE },
    disconnect: { to: 'Disconnecting', do: LEAVE },
    failure: { to: 'Failing', do: LEAVE },
    'patience over': { to: 'Exited', do: ['report failure', 'release'] },
  },
  Exiting: {
    'body done': { to: 'Exited', do: ['report results', 'release'] },
    'patience over': { to: 'Exited', do: ['report results', 'release'] },
  },
  Disconnecting: {
    'body done': { to: 'Exited', do: ['report results', 'release', 'disconnect target'] },
    'patience over': { to: 'Exited', do: ['report results', 'release', 'disconnect target'] },
  },
  Failing: {
    'body done': { to: 'Exited', do: ['report failure', 'release'] },
    'patience over': { to: 'Exited', do: ['report failure', 'release'] },
  },
  Exited: {},
};
