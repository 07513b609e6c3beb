import type { MachineTable } from '@legato/kernel';

export type MediaProcessState = 'Idle' | 'Starting' | 'Serving' | 'Waiting to start' | 'Stopping' | 'Stopped';

export type MediaProcessTrigger =
  'start' | 'ready' | 'exited' | 'exited before it ever served' | 'time to start' | 'stop' | 'patience over';

export type MediaProcessDeed =
  | 'spawn'
  | 'serve'
  | 'lose sessions'
  | 'start back-off'
  | 'stop back-off'
  | 'order stop'
  | 'start patience'
  | 'kill'
  | 'tell stopped'
  | 'tell failed';

/** The process that has the media: started again whenever it ends, until it is stopped. */
export const mediaProcessMachine: MachineTable<MediaProcessState, MediaProcessTrigger, MediaProcessDeed> = {
  Idle: {
    start: { to: 'Starting', do: ['spawn'] },
    stop: { to: 'Stopped', do: ['tell stopped'] },
  },
  Starting: {
    ready: { to: 'Serving', do: ['serve'] },
    exited: { to: 'Waiting to start', do: ['start back-off'] },
    'exited before it ever served': { to: 'Stopped', do: ['tell failed'] },
    stop: { to: 'Stopping', do: ['kill'] },
  },
  Serving: {
    exited: { to: 'Waiting to start', do: ['lose sessions', 'start back-off'] },
    stop: { to: 'Stopping', do: ['order stop', 'start patience'] },
  },
  'Waiting to start': {
    'time to start': { to: 'Starting', do: ['spawn'] },
    stop: { to: 'Stopped', do: ['stop back-off', 'tell stopped'] },
  },
  Stopping: {
    'patience over': { to: 'Stopping', do: ['kill'] },
    exited: { to: 'Stopped', do: ['lose sessions', 'tell stopped'] },
    'exited before it ever served': { to: 'Stopped', do: ['tell stopped'] },
  },
  Stopped: {},
};
