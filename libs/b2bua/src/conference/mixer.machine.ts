import type { MachineTable } from '@legato/kernel';

/** Where a conference stands with its media server. */
export type MixerState =
  | 'No control'
  | 'Opening control'
  | 'Waiting to retry'
  | 'Auditing'
  | 'Idle'
  | 'Creating'
  | 'Mixing'
  | 'Destroying'
  | 'Closing'
  | 'Closed';

export type MixerTrigger =
  /** Somebody has come: the media server has something to do. */
  | 'needed'
  | 'control accepted'
  /** The control dialog was refused, or is gone. */
  | 'control lost'
  | 'retry'
  | 'too many attempts'
  | 'audited present'
  | 'audited absent'
  | 'audit refused'
  /** Somebody is to be mixed. */
  | 'wanted'
  | 'created'
  | 'create refused'
  /** Nobody is mixed any more: the media server deletes the conference by itself. */
  | 'emptied'
  /** What the media server does may not be what is known of it. */
  | 'doubted'
  | 'taken over'
  | 'end'
  | 'destroyed'
  | 'control ended';

export type MixerAction =
  | 'open control'
  | 'acknowledge'
  | 'await retry'
  | 'give up media server'
  | 'audit'
  | 'create'
  | 'fail'
  | 'reconcile'
  | 'destroy'
  | 'close control'
  | 'release';

const LOST = { to: 'Waiting to retry', do: ['await retry'] } as const;
const AUDIT = { to: 'Auditing', do: ['audit'] } as const;
const DESTROY = { to: 'Destroying', do: ['destroy'] } as const;
const CLOSED = { to: 'Closed', do: ['release'] } as const;

/**
 * The control dialog of a conference (RFC 5707 §3.1) and the conference behind it. It is made with deletewhen="nomedia": it is
 * there as long as somebody is in it, whether we are or not. What is known of it is compared by an audit whenever it may be wrong.
 */
export const mixerMachine: MachineTable<MixerState, MixerTrigger, MixerAction> = {
  'No control': {
    needed: { to: 'Opening control', do: ['open control'] },
    end: CLOSED,
  },
  'Opening control': {
    'control accepted': { to: 'Auditing', do: ['acknowledge', 'audit'] },
    'control lost': LOST,
    end: { to: 'Closing', do: ['close control'] },
  },
  'Waiting to retry': {
    retry: { to: 'Opening control', do: ['open control'] },
    'too many attempts': { to: 'Waiting to retry', do: ['give up media server'] },
    end: CLOSED,
  },
  Auditing: {
    'audited present': { to: 'Mixing', do: ['reconcile'] },
    'audited absent': { to: 'Idle', do: ['reconcile'] },
    // A media server without audit: that the name is in use will tell whether the conference is there.
    'audit refused': { to: 'Creating', do: ['create'] },
    'taken over': AUDIT,
    'control lost': LOST,
    end: DESTROY,
  },
  Idle: {
    wanted: { to: 'Creating', do: ['create'] },
    doubted: AUDIT,
    'taken over': AUDIT,
    'control lost': LOST,
    end: { to: 'Closing', do: ['close control'] },
  },
  Creating: {
    created: { to: 'Mixing', do: ['reconcile'] },
    'create refused': { to: 'Idle', do: ['fail'] },
    'taken over': AUDIT,
    'control lost': LOST,
    end: DESTROY,
  },
  Mixing: {
    emptied: { to: 'Idle', do: ['reconcile'] },
    doubted: AUDIT,
    'taken over': AUDIT,
    'control lost': LOST,
    end: DESTROY,
  },
  Destroying: {
    destroyed: { to: 'Closing', do: ['close control'] },
    'taken over': DESTROY,
    'control lost': CLOSED,
  },
  Closing: {
    'control lost': CLOSED,
    'control ended': CLOSED,
  },
  Closed: {},
};
