import type { MsmlOperation } from '../core/operations';
import type { MomlElement } from '../dialog/dialogstart';
import { MsmlExchange } from './msml-exchange';
import { promptsOutside } from './prompts-outside';

const dialog = (...content: MomlElement[]): MsmlOperation => ({
  element: 'dialogstart',
  target: 'conn:1',
  content,
});
const play = { element: 'play' as const, audio: [{ uri: 'file://a.wav' }], barge: true };
const collect = { element: 'collect' as const, fdt: '5s', pattern: [{ digits: 'xx', content: [] }] };
const record = { element: 'record' as const, format: 'audio/wav', maxtime: '5s' };
const startsTimer = { ...play, playexit: [{ element: 'send', target: 'collect', event: 'starttimer' }] };

describe('a prompt for a media server that takes none inside', () => {
  it('plays beside the collection in a group, and starts its timer', () => {
    expect(promptsOutside([dialog({ ...collect, play: [play] })])).toEqual([
      dialog({
        element: 'group',
        topology: 'parallel',
        content: [startsTimer, { ...collect, starttimer: false }],
      } as MomlElement),
    ]);
  });

  it('plays before what comes last, when there are several', () => {
    const [operation] = promptsOutside([dialog({ ...collect, id: 'pin', play: [play, play] })]);
    expect(operation).toMatchObject({
      content: [play, { element: 'group', content: [{ playexit: [{ target: 'pin' }] }, { id: 'pin' }] }],
    });
  });

  it('plays before a recording', () => {
    expect(promptsOutside([dialog({ ...record, play: [play] })])).toEqual([dialog(play, record)]);
  });

  it('leaves what has none as it is', () => {
    const operations: MsmlOperation[] = [
      { element: 'dialogend', id: 'conn:1/dialog:1' },
      dialog(play, collect, record),
    ];
    expect(promptsOutside(operations)).toEqual(operations);
  });

  it.each([
    ['rfc', '<collect '],
    ['convedia', '<collect '],
    ['xms', '<group topology="parallel"><play '],
    ['mavenir', '<group topology="parallel"><play '],
  ] as const)('is written so in the dialect %s', (dialect, start) => {
    let body = '';
    const sendInfo = (_token: string, { bytes }: { bytes: Uint8Array }): void => {
      body = Buffer.from(bytes).toString();
    };
    new MsmlExchange({ sendInfo }, undefined, dialect).submit('1', [dialog({ ...collect, play: [play] })]);
    expect(body).toContain(start);
  });
});
