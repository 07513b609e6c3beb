import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type MoveToMediaState =
  | 'Getting caller offer'
  | 'Moving caller'
  | 'Settling caller media'
  | 'Getting callee offer'
  | 'Moving callee'
  | 'Settling callee media'
  | 'Joining'
  | 'Moved'
  | 'Returning caller'
  | 'Returning callee'
  | 'Failed';

export type MoveToMediaAction =
  | 're-INVITE caller'
  | 're-INVITE callee'
  | 'settle caller media'
  | 'settle callee media'
  | 'get callee offer'
  | 'join'
  | 'try next media server'
  | 'tell moved'
  | 'return caller'
  | 'return callee'
  | 'acknowledge caller'
  | 'acknowledge callee'
  | 'release media'
  | 'tell failed';

const GIVE_UP = { to: 'Failed', do: ['release media', 'tell failed'] } as const;
const TURN_BACK = { to: 'Returning caller', do: ['return caller'] } as const;

/**
 * Moves a direct call to the media server: each party is re-INVITEd with an offer of the media server, then the
 * two connections are joined. A party that refuses ends the attempt: the other is given its old peer again.
 */
export const moveToMediaMachine: MachineTable<
  MoveToMediaState,
  DialogTrigger | 'no media server' | 'not moved' | 'interrupted' | 'joined' | 'join refused',
  MoveToMediaAction
> = {
  'Getting caller offer': {
    interrupted: GIVE_UP,
    'caller media accepted': { to: 'Moving caller', do: ['re-INVITE caller'] },
    'caller media refused': { to: 'Getting caller offer', do: ['try next media server'] },
    'no media server': GIVE_UP,
  },
  'Moving caller': {
    interrupted: GIVE_UP,
    'caller accepted': { to: 'Settling caller media', do: ['settle caller media'] },
    'caller refused': GIVE_UP,
    'caller media ended': GIVE_UP,
  },
  'Settling caller media': {
    interrupted: TURN_BACK,
    'caller media settled': { to: 'Getting callee offer', do: ['get callee offer'] },
    'caller media refused': TURN_BACK,
    'caller media ended': TURN_BACK,
  },
  'Getting callee offer': {
    interrupted: TURN_BACK,
    'callee media accepted': { to: 'Moving callee', do: ['re-INVITE callee'] },
    'callee media refused': TURN_BACK,
    'caller media ended': TURN_BACK,
  },
  'Moving callee': {
    interrupted: TURN_BACK,
    'callee accepted': { to: 'Settling callee media', do: ['settle callee media'] },
    'callee refused': TURN_BACK,
    'caller media ended': TURN_BACK,
    'callee media ended': TURN_BACK,
  },
  'Settling callee media': {
    interrupted: TURN_BACK,
    'callee media settled': { to: 'Joining', do: ['join'] },
    'callee media refused': TURN_BACK,
    'caller media ended': TURN_BACK,
    'callee media ended': TURN_BACK,
  },
  Joining: {
    joined: { to: 'Moved', do: ['tell moved'] },
    'join refused': TURN_BACK,
    'caller media ended': TURN_BACK,
    'callee media ended': TURN_BACK,
  },
  'Returning caller': {
    interrupted: TURN_BACK,
    'not moved': { to: 'Returning callee', do: ['return callee'] },
    'caller accepted': { to: 'Returning callee', do: ['acknowledge caller', 'return callee'] },
    'caller refused': { to: 'Returning callee', do: ['return callee'] },
  },
  'Returning callee': {
    interrupted: GIVE_UP,
    'not moved': GIVE_UP,
    'callee accepted': { to: 'Failed', do: ['acknowledge callee', 'release media', 'tell failed'] },
    'callee refused': GIVE_UP,
  },
  Moved: {},
  Failed: {},
};
