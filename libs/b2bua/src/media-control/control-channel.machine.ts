import type { MachineTable } from '@legato/kernel';

export type ControlChannelState = 'Closed' | 'Opening' | 'Open' | 'Closing';

export type ControlChannelTrigger =
  'open' | 'accepted' | 'refused' | 'Timer answer' | 'dialog ended' | 'close';

export type ControlChannelAction =
  | 'send INVITE'
  | 'start Timer answer'
  | 'stop Timer answer'
  | 'acknowledge'
  | 'tell open'
  | 'tell refused'
  | 'tell lost'
  | 'fail requests'
  | 'give up'
  | 'hang up'
  | 'tell closed';

/** The dialog without media to a media server (RFC 5707 §3.1): who uses it opens it again when it was lost. */
export const controlChannelMachine: MachineTable<
  ControlChannelState,
  ControlChannelTrigger,
  ControlChannelAction
> = {
  Closed: {
    open: { to: 'Opening', do: ['send INVITE', 'start Timer answer'] },
    close: { to: 'Closed', do: ['tell closed'] },
  },
  Opening: {
    accepted: { to: 'Open', do: ['stop Timer answer', 'acknowledge', 'tell open'] },
    refused: { to: 'Closed', do: ['stop Timer answer', 'tell refused'] },
    'Timer answer': { to: 'Closed', do: ['give up', 'tell refused'] },
    'dialog ended': { to: 'Closed', do: ['stop Timer answer', 'tell refused'] },
    close: { to: 'Closed', do: ['stop Timer answer', 'give up', 'tell refused', 'tell closed'] },
  },
  Open: {
    'dialog ended': { to: 'Closed', do: ['fail requests', 'tell lost'] },
    close: { to: 'Closing', do: ['fail requests', 'hang up', 'start Timer answer'] },
  },
  Closing: {
    'dialog ended': { to: 'Closed', do: ['stop Timer answer', 'tell closed'] },
    'Timer answer': { to: 'Closed', do: ['tell closed'] },
  },
};
