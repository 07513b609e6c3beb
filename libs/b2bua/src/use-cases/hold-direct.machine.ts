import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type HoldDirectState = 'Holding caller' | 'Holding callee' | 'Held' | 'Failed';

export type HoldDirectAction =
  'acknowledge caller' | 'acknowledge callee' | 'silence callee' | 'tell held' | 'tell failed' | 'turn back';

const TURN_BACK = { to: 'Failed', do: ['turn back'] } as const;

/**
 * Silences the parties of a direct call, one after the other, by re-INVITE (RFC 3264 §8.4). It begins with the caller's. At a
 * take-over the re-INVITE under way counts as refused.
 */
export const holdDirectMachine: MachineTable<HoldDirectState, DialogTrigger, HoldDirectAction> = {
  'Holding caller': {
    'caller accepted': { to: 'Holding callee', do: ['acknowledge caller', 'silence callee'] },
    'caller refused': { to: 'Failed', do: ['tell failed'] },
  },
  'Holding callee': {
    'callee accepted': { to: 'Held', do: ['acknowledge callee', 'tell held'] },
    'callee refused': TURN_BACK,
  },
  Held: {},
  Failed: {},
};
