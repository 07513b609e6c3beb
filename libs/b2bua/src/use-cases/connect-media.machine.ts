import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type ConnectMediaState =
  | 'Ringing application'
  | 'Running flow'
  | 'Opening caller media'
  | 'Getting caller offer'
  | 'Ringing caller'
  | 'Settling caller media'
  | 'Connected'
  | 'Failed';

export type ConnectMediaAction =
  | 'open caller media'
  | 'answer caller'
  | 'check answer of caller'
  | 'invite caller'
  | 'note caller alerting'
  | 'settle caller media'
  | 'connect'
  | 'try next media server'
  | 'try next caller'
  | 'leave caller'
  | 'fail as caller'
  | 'fail for want of media'
  | 'cancel'
  | 'give up ringing';

const CANCELLED = { to: 'Failed', do: ['cancel'] } as const;
const NO_MEDIA = { to: 'Failed', do: ['fail for want of media'] } as const;

/**
 * Connects one party to the media server and nobody else. An inbound call that an application decides over begins at 'Ringing
 * application', one for a flow at 'Running flow', until a step wants the caller to hear something; one for a conference at
 * 'Opening caller media'; an originated one at 'Getting caller offer'.
 */
export const connectMediaMachine: MachineTable<
  ConnectMediaState,
  DialogTrigger | 'ring timeout' | 'no more targets' | 'no media server' | 'answer',
  ConnectMediaAction
> = {
  'Ringing application': {
    answer: { to: 'Opening caller media', do: ['open caller media'] },
    'caller cancelled': CANCELLED,
    'ring timeout': { to: 'Failed', do: ['give up ringing'] },
  },
  'Running flow': {
    answer: { to: 'Opening caller media', do: ['open caller media'] },
    'caller cancelled': CANCELLED,
    'ring timeout': { to: 'Failed', do: ['give up ringing'] },
  },
  'Opening caller media': {
    'caller media accepted': { to: 'Settling caller media', do: ['answer caller'] },
    'caller media refused': { to: 'Opening caller media', do: ['try next media server'] },
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
    'caller accepted': { to: 'Settling caller media', do: ['settle caller media'] },
    'caller refused': { to: 'Ringing caller', do: ['try next caller'] },
    'no more targets': { to: 'Failed', do: ['fail as caller'] },
    'caller media ended': NO_MEDIA,
    'ring timeout': { to: 'Ringing caller', do: ['leave caller'] },
  },
  'Settling caller media': {
    'caller media settled': { to: 'Connected', do: ['connect'] },
    'caller acknowledged': { to: 'Settling caller media', do: ['check answer of caller'] },
    'caller media refused': NO_MEDIA,
    'caller media ended': NO_MEDIA,
  },
  Connected: {},
  Failed: {},
};
