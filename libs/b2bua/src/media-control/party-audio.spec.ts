import type { PartyAudio } from './party-audio';
import { audioChanges } from './party-audio';

const both: PartyAudio = {
  connections: { caller: 'conn:a', callee: 'conn:b' },
  held: false,
  muted: [],
};
const alone: PartyAudio = { ...both, connections: { caller: 'conn:a' } };
const mixed: PartyAudio = { ...both, conference: 'conf:c' };
const join = (id1: string, id2: string, dir?: string) => ({
  element: 'join',
  id1,
  id2,
  ...(dir && { streams: [{ media: 'audio', dir }] }),
});
const unjoin = (id1: string, id2: string, dir?: string) => ({ ...join(id1, id2, dir), element: 'unjoin' });

describe('changes of the audio between the parties', () => {
  it.each<[string, PartyAudio, PartyAudio, object[]]>([
    ['nothing for what is so already', both, both, []],
    ['nothing for a party that is alone', alone, alone, []],
    ['a join when the second party comes', alone, both, [join('conn:a', 'conn:b')]],
    ['an unjoin when it is put on hold', both, { ...both, held: true }, [unjoin('conn:a', 'conn:b')]],
    [
      'one direction for a mute',
      both,
      { ...both, muted: ['caller'] },
      [unjoin('conn:a', 'conn:b', 'from-id1')],
    ],
    [
      'the other direction for the other party',
      { ...both, muted: ['callee'] },
      both,
      [join('conn:a', 'conn:b', 'to-id1')],
    ],
    [
      'what is left of a join for who is muted while on hold',
      { ...both, held: true },
      { ...both, muted: ['caller'] },
      [join('conn:a', 'conn:b', 'to-id1')],
    ],
    ['nothing between two who are muted', alone, { ...both, muted: ['caller', 'callee'] }, []],
    [
      'the move into a conference, what ends first',
      both,
      mixed,
      [unjoin('conn:a', 'conn:b'), join('conn:a', 'conf:c'), join('conn:b', 'conf:c')],
    ],
    [
      'the same, with one party muted',
      { ...both, muted: ['callee'] },
      { ...mixed, muted: ['callee'] },
      [unjoin('conn:a', 'conn:b', 'from-id1'), join('conn:a', 'conf:c'), join('conn:b', 'conf:c', 'to-id1')],
    ],
    [
      'the caller left in the conference on hold',
      mixed,
      { ...mixed, held: true },
      [unjoin('conn:b', 'conf:c')],
    ],
    [
      'a muted party that still hears the conference',
      mixed,
      { ...mixed, muted: ['caller'] },
      [unjoin('conn:a', 'conf:c', 'from-id1')],
    ],
    ['one party into a conference', alone, { ...alone, conference: 'conf:c' }, [join('conn:a', 'conf:c')]],
  ])('are %s', (_what, before, after, operations) => {
    expect(audioChanges(before, after)).toEqual(operations);
  });
});
