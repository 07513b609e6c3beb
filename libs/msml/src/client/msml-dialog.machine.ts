import type { MachineTable } from '@legato/kernel';

/** A dialog on a media server, as its client sees it. */
export type MsmlDialogStateName = 'Running' | 'Ending' | 'Ended';

export type MsmlDialogEventName =
  | 'named event'
  | 'announced end'
  | 'msml.dialog.exit'
  | 'ended by request'
  | 'object is gone'
  | 'Timer grace';

export type MsmlDialogAction = 'keep values' | 'start Timer grace' | 'stop Timer grace' | 'finish';

/**
 * The end of a dialog (RFC 5707 §9.6): msml.dialog.exit is last, after moml.exit, moml.disconnect or moml.error where the media server
 * sends those. One that announces the end and then keeps silent is given Timer grace.
 */
export const msmlDialogMachine: MachineTable<MsmlDialogStateName, MsmlDialogEventName, MsmlDialogAction> = {
  Running: {
    'named event': { to: 'Running', do: ['keep values'] },
    'announced end': { to: 'Ending', do: ['keep values', 'start Timer grace'] },
    'msml.dialog.exit': { to: 'Ended', do: ['keep values', 'finish'] },
    'ended by request': { to: 'Ending', do: ['start Timer grace'] },
    'object is gone': { to: 'Ending', do: ['start Timer grace'] },
  },
  Ending: {
    'named event': { to: 'Ending', do: ['keep values'] },
    'announced end': { to: 'Ending', do: ['keep values'] },
    'msml.dialog.exit': { to: 'Ended', do: ['keep values', 'stop Timer grace', 'finish'] },
    'Timer grace': { to: 'Ended', do: ['finish'] },
  },
  Ended: {},
};
