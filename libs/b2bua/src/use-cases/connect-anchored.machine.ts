import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type ConnectAnchoredState =
  | 'Answering caller'
  | 'Offering caller'
  | 'Getting caller offer'
  | 'Ringing caller'
  | 'Getting callee offer'
  | 'Ringing callee'
  | 'Settling callee media'
  | 'Joining'
  | 'Connected'
  | 'Failed';

export type ConnectAnchoredAction =
  | 'acknowledge caller media'
  | 'invite caller'
  | 'note caller alerting'
  | 'settle caller media'
  | 'get callee offer'
  | 'invite callee'
  | 'relay provisional'
  | 'settle callee media'
  | 'join'
  | 'connect'
  | 'answer caller'
  | 'try next media server'
  | 'try next caller'
  | 'try next callee'
  | 'leave caller'
  | 'leave callee'
  | 'fail as caller'
  | 'fail as callee'
  | 'fail for want of media'
  | 'cancel'
  | 'give up ringing';

const CANCELLED = { to: 'Failed', do: ['cancel'] } as const;
const RUNG_OUT = { to: 'Failed', do: ['give up ringing'] } as const;
const NO_MEDIA = { to: 'Failed', do: ['fail for want of media'] } as const;

/**
 * Connects two parties whose media ends at the media server, by third-party call control (RFC 3725).
 * An inbound call begins at 'Answering caller', or at 'Offering caller' when its INVITE has no offer;
 * an originated one at 'Getting caller offer'. The caller is answered last, when all that it asked for stands.
 */
export const connectAnchoredMachine: MachineTable<
  ConnectAnchoredState,
  | DialogTrigger
  | 'ring timeout'
  | 'no more targets'
  | 'no media server'
  | 'joined'
  | 'join refused'
  | 'interrupted',
  ConnectAnchoredAction
> = {
  'Answering caller': {
    'caller media accepted': {
      to: 'Getting callee offer',
      do: ['acknowledge caller media', 'get callee offer'],
    },
    'caller media refused': { to: 'Answering caller', do: ['try next media server'] },
    'no media server': NO_MEDIA,
    'caller cancelled': CANCELLED,
  },
  'Offering caller': {
    'caller media accepted': { to: 'Getting callee offer', do: ['get callee offer'] },
    'caller media refused': { to: 'Offering caller', do: ['try next media server'] },
    'no media server': NO_MEDIA,
    'caller cancelled': CANCELLED,
  },
  'Getting caller offer': {
    'caller media accepted': { to: 'Ringing caller', do: ['invite caller'] },
    'caller media refused': { to: 'Getting caller offer', do: ['try next media server'] },
    'no media server': NO_MEDIA,
  },
  'Ringing caller': {
    'caller provisional': { to: 'Ringing caller', do: ['note caller alerting'] },
    'caller accepted': { to: 'Getting callee offer', do: ['settle caller media', 'get callee offer'] },
    'caller refused': { to: 'Ringing caller', do: ['try next caller'] },
    'no more targets': { to: 'Failed', do: ['fail as caller'] },
    'caller media ended': NO_MEDIA,
    'ring timeout': { to: 'Ringing caller', do: ['leave caller'] },
  },
  'Getting callee offer': {
    'callee media accepted': { to: 'Ringing callee', do: ['invite callee'] },
    'callee media refused': NO_MEDIA,
    'caller media ended': NO_MEDIA,
    'caller cancelled': CANCELLED,
    'ring timeout': RUNG_OUT,
  },
  'Ringing callee': {
    'callee provisional': { to: 'Ringing callee', do: ['relay provisional'] },
    'callee accepted': { to: 'Settling callee media', do: ['settle callee media'] },
    'callee refused': { to: 'Ringing callee', do: ['try next callee'] },
    'no more targets': { to: 'Failed', do: ['fail as callee'] },
    'caller media ended': NO_MEDIA,
    'callee media ended': NO_MEDIA,
    'caller cancelled': CANCELLED,
    'ring timeout': { to: 'Ringing callee', do: ['leave callee'] },
  },
  'Settling callee media': {
    'callee media settled': { to: 'Joining', do: ['join'] },
    'callee media refused': NO_MEDIA,
    'caller media ended': NO_MEDIA,
    'callee media ended': NO_MEDIA,
    'caller cancelled': CANCELLED,
  },
  Joining: {
    joined: { to: 'Connected', do: ['answer caller', 'connect'] },
    interrupted: { to: 'Joining', do: ['join'] },
    'join refused': NO_MEDIA,
    'caller media ended': NO_MEDIA,
    'callee media ended': NO_MEDIA,
    'caller cancelled': CANCELLED,
  },
  Connected: {},
  Failed: {},
};
