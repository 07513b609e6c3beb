import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type ReconnectDirectState =
  | 'Getting caller offer'
  | 'Offering callee'
  | 'Settling caller'
  | 'Reconnected'
  | 'Returning caller'
  | 'Returning caller media'
  | 'Returning callee'
  | 'Returning callee media'
  | 'Failed';

export type ReconnectDirectAction =
  | 'offer callee'
  | 'settle caller'
  | 'silence caller'
  | 'tell reconnected'
  | 'return caller'
  | 'return caller media'
  | 'return callee'
  | 'return callee media'
  | 'acknowledge caller media'
  | 'acknowledge callee media'
  | 'tell failed';

const RETURN_CALLER = { to: 'Returning caller', do: ['return caller'] } as const;
const RETURN_CALLEE = { to: 'Returning callee', do: ['return callee'] } as const;
const FAILED = { to: 'Failed', do: ['tell failed'] } as const;

/**
 * Lets the parties exchange media themselves again: the caller is asked for an offer, which goes to the callee (RFC 3725 §4.1).
 * When a party refuses, both are given their media server again; parties that were on hold stay so. At a take-over the re-INVITE
 * under way counts as refused.
 */
export const reconnectDirectMachine: MachineTable<
  ReconnectDirectState,
  DialogTrigger | 'not moved',
  ReconnectDirectAction
> = {
  'Getting caller offer': {
    'caller accepted': { to: 'Offering callee', do: ['offer callee'] },
    'caller refused': FAILED,
  },
  'Offering callee': {
    'callee accepted': { to: 'Settling caller', do: ['settle caller'] },
    'callee refused': { to: 'Returning caller', do: ['silence caller', 'return caller'] },
  },
  'Settling caller': {
    'caller settled': { to: 'Reconnected', do: ['tell reconnected'] },
    'caller refused': RETURN_CALLER,
  },
  Reconnected: {},
  'Returning caller': {
    'not moved': RETURN_CALLEE,
    'caller accepted': { to: 'Returning caller media', do: ['return caller media'] },
    'caller refused': RETURN_CALLEE,
  },
  'Returning caller media': {
    'not moved': RETURN_CALLEE,
    'caller media accepted': { to: 'Returning callee', do: ['acknowledge caller media', 'return callee'] },
    'caller media refused': RETURN_CALLEE,
  },
  'Returning callee': {
    'not moved': FAILED,
    'callee accepted': { to: 'Returning callee media', do: ['return callee media'] },
    'callee refused': FAILED,
  },
  'Returning callee media': {
    'not moved': FAILED,
    'callee media accepted': { to: 'Failed', do: ['acknowledge callee media', 'tell failed'] },
    'callee media refused': FAILED,
  },
  Failed: {},
};
