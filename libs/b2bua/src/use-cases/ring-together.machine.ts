import type { MachineTable } from '@legato/kernel';

export type RingTogetherState = 'Several ring' | 'One is left';

export type RingTogetherTrigger =
  | 'speaks'
  | 'accepts'
  | 'fails, has another way'
  | 'refuses, several others ring'
  | 'refuses, one other rings'
  | 'refuses for all'
  | 'ring timeout'
  | 'call ends';

export type RingTogetherAction =
  | 'give it the part'
  | 'note refusal'
  | 'drop it'
  | 'try its other way'
  | 'go on with the last'
  | 'cancel the others'
  | 'answered elsewhere';

/**
 * Several places of a party ring at once (RFC 3261 §16.6, §16.7): the first 2xx wins, a 6xx ends it for all, anything else
 * is kept until nobody rings any more. With one left the use case that rings the party goes on alone.
 */
export const ringTogetherMachine: MachineTable<RingTogetherState, RingTogetherTrigger, RingTogetherAction> = {
  'Several ring': {
    speaks: { to: 'Several ring', do: ['give it the part'] },
    accepts: { to: 'One is left', do: ['give it the part', 'answered elsewhere'] },
    'fails, has another way': { to: 'Several ring', do: ['try its other way', 'drop it'] },
    'refuses, several others ring': { to: 'Several ring', do: ['note refusal', 'drop it'] },
    'refuses, one other rings': {
      to: 'One is left',
      do: ['note refusal', 'drop it', 'go on with the last'],
    },
    'refuses for all': { to: 'One is left', do: ['give it the part', 'cancel the others'] },
    'ring timeout': { to: 'One is left', do: ['cancel the others'] },
    'call ends': { to: 'One is left', do: ['cancel the others'] },
  },
  'One is left': {},
};
