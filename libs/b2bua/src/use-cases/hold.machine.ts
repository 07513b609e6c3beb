import type { MachineTable } from '@legato/kernel';

/** Whether an application has put the parties on hold. */
export type HoldState = 'active' | 'holding' | 'held' | 'resuming';

export type HoldTrigger = 'hold' | 'resume' | 'done' | 'refused' | 'taken over';

export type HoldAction = 'take apart' | 'bring together' | 'tell held' | 'tell resumed' | 'tell failed';

/** Hold as an application asks for it, which is apart from what the parties themselves do by re-INVITE. */
export const holdMachine: MachineTable<HoldState, HoldTrigger, HoldAction> = {
  active: { hold: { to: 'holding', do: ['take apart'] } },
  holding: {
    done: { to: 'held', do: ['tell held'] },
    refused: { to: 'active', do: ['tell failed'] },
    'taken over': { to: 'holding', do: ['take apart'] },
  },
  held: { resume: { to: 'resuming', do: ['bring together'] } },
  resuming: {
    done: { to: 'active', do: ['tell resumed'] },
    refused: { to: 'held', do: ['tell failed'] },
    'taken over': { to: 'resuming', do: ['bring together'] },
  },
};
