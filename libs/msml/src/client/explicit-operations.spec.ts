import type { MsmlOperation } from '../core/operations';
import { explicitOperations } from './explicit-operations';

describe('explicitOperations', () => {
  const play = { element: 'play' as const, audio: [{ uri: 'file://a.wav' }] };
  const explicitPlay = { ...play, barge: false, cleardb: false };
  const start = (content: (MsmlOperation & { element: 'dialogstart' })['content']): MsmlOperation => ({
    element: 'dialogstart',
    target: 'conn:1',
    content,
  });

  it('says the language of a dialog, and barge and cleardb of every play (§9.6.1, §9.7.1)', () => {
    const collect = { element: 'collect' as const, play: [play] };
    const group = { element: 'group' as const, topology: 'parallel' as const, content: [play, collect] };
    expect(explicitOperations([start([play, group])])).toEqual([
      {
        ...start([explicitPlay, { ...group, content: [explicitPlay, { ...collect, play: [explicitPlay] }] }]),
        type: 'application/moml+xml',
      },
    ]);
  });

  it('says when a conference is deleted (§8.3)', () => {
    expect(explicitOperations([{ element: 'createconference', name: 'a', deletewhen: undefined }])).toEqual([
      { element: 'createconference', name: 'a', deletewhen: 'nomedia' },
    ]);
  });

  it('leaves what is said as it is', () => {
    const said: MsmlOperation[] = [
      { element: 'createconference', deletewhen: 'never' },
      {
        ...start([{ ...play, barge: true, cleardb: true }]),
        type: 'application/vnd.radisys.moml+xml',
      } as MsmlOperation,
      { element: 'join', id1: 'conn:1', id2: 'conn:2' },
    ];
    expect(explicitOperations(said)).toEqual(said);
  });
});
