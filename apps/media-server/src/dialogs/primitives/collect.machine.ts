import type { MachineTable } from '@legato/kernel';

export type CollectState =
  'Prompting' | 'Ending prompt' | 'Awaiting first digit' | 'Collecting' | 'Awaiting key' | 'Ended';

export type CollectTrigger =
  | 'prompt over'
  | 'starttimer'
  | 'partial'
  | 'key may follow'
  | 'match'
  | 'last match'
  | 'nomatch'
  | 'last nomatch'
  | 'noinput'
  | 'last noinput'
  | 'terminate';

export type CollectDeed =
  | 'listen'
  | 'start fdt'
  | 'start idt'
  | 'start edt'
  | 'stop timer'
  | 'execute pattern'
  | 'execute nomatch'
  | 'execute noinput'
  | 'begin anew'
  | 'end with dtmf.match'
  | 'end with dtmf.nomatch'
  | 'end with dtmf.noinput'
  | 'end with event'
  | 'end prompt';

const DIGITS = {
  partial: { to: 'Collecting', do: ['start idt'] },
  'key may follow': { to: 'Awaiting key', do: ['start edt'] },
  match: { to: 'Awaiting first digit', do: ['stop timer', 'execute pattern', 'begin anew'] },
  'last match': { to: 'Ended', do: ['stop timer', 'execute pattern', 'end with dtmf.match'] },
  nomatch: { to: 'Awaiting first digit', do: ['stop timer', 'execute nomatch', 'begin anew'] },
  'last nomatch': { to: 'Ended', do: ['stop timer', 'execute nomatch', 'end with dtmf.nomatch'] },
  terminate: { to: 'Ended', do: ['stop timer', 'end with event'] },
} as const;

/** A collection of digits (RFC 5707 §9.7.5): one of fdt, idt and edt runs at a time. */
export const collectMachine: MachineTable<CollectState, CollectTrigger, CollectDeed> = {
  Prompting: {
    'prompt over': { to: 'Awaiting first digit', do: ['listen'] },
    terminate: { to: 'Ending prompt', do: ['end prompt'] },
  },
  'Ending prompt': {
    'prompt over': { to: 'Ended', do: ['end with event'] },
  },
  'Awaiting first digit': {
    ...DIGITS,
    starttimer: { to: 'Awaiting first digit', do: ['start fdt'] },
    noinput: { to: 'Awaiting first digit', do: ['execute noinput', 'begin anew'] },
    'last noinput': { to: 'Ended', do: ['execute noinput', 'end with dtmf.noinput'] },
  },
  Collecting: DIGITS,
  'Awaiting key': DIGITS,
  Ended: {},
};
