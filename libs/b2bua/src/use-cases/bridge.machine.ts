import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type BridgeState =
  'Getting callee offer' | 'Ringing callee' | 'Settling callee media' | 'Joining' | 'Bridged' | 'Failed';

export type BridgeAction =
  | 'invite callee'
  | 'settle callee media'
  | 'join'
  | 'tell bridged'
  | 'try next callee'
  | 'leave callee'
  | 'give up callee'
  | 'fail for want of media';

const GIVEN_UP = { to: 'Failed', do: ['give up callee'] } as const;
const NO_MEDIA = { to: 'Failed', do: ['fail for want of media'] } as const;

/**
 * Brings a second party to a call of one party that is at the media server. When that fails the call goes on as it was; when
 * the first party loses its media the call ends.
 */
export const bridgeMachine: MachineTable<
  BridgeState,
  DialogTrigger | 'ring timeout' | 'no more targets' | 'interrupted' | 'joined' | 'join refused',
  BridgeAction
> = {
  'Getting callee offer': {
    'callee media accepted': { to: 'Ringing callee', do: ['invite callee'] },
    'callee media refused': GIVEN_UP,
    'caller media ended': NO_MEDIA,
    interrupted: GIVEN_UP,
  },
  'Ringing callee': {
    'callee accepted': { to: 'Settling callee media', do: ['settle callee media'] },
    'callee refused': { to: 'Ringing callee', do: ['try next callee'] },
    'no more targets': GIVEN_UP,
    'ring timeout': { to: 'Ringing callee', do: ['leave callee'] },
    'callee media ended': GIVEN_UP,
    'caller media ended': NO_MEDIA,
    interrupted: GIVEN_UP,
  },
  'Settling callee media': {
    'callee media settled': { to: 'Joining', do: ['join'] },
    'callee media refused': GIVEN_UP,
    'callee media ended': GIVEN_UP,
    'caller media ended': NO_MEDIA,
    interrupted: GIVEN_UP,
  },
  Joining: {
    joined: { to: 'Bridged', do: ['tell bridged'] },
    'join refused': GIVEN_UP,
    'callee media ended': GIVEN_UP,
    'caller media ended': NO_MEDIA,
    interrupted: GIVEN_UP,
  },
  Bridged: {},
  Failed: {},
};
