import { decodeMsml, encodeMsml } from '@legato/msml';
import * as fc from 'fast-check';
import type { ConferenceSnapshot, Loudness, Streams } from './conference-snapshot';
import { isMixed, streamOperations } from './streams';

const CONFERENCE = {
  id: 'conf_1',
  options: { music: [{ file: 'hold.wav' }] },
} as unknown as ConferenceSnapshot;
const OWN = 'conn:own';
const MIX = 'conf:conf_1';

const loudness: fc.Arbitrary<Loudness> = fc.oneof(
  fc.constant<Loudness>('mute'),
  fc.integer({ min: -32, max: 32 }),
);
const streams: fc.Arbitrary<Streams> = fc.record(
  {
    speak: loudness,
    hear: loudness,
    whisper: fc.record({ to: fc.constantFrom('conn:a', 'conn:b'), loudness }),
    music: fc.constantFrom('music-1', 'music-2'),
  },
  { requiredKeys: [] },
);

interface StreamChange {
  readonly element: string;
  readonly id1: string;
  readonly id2: string;
  readonly streams?: readonly { readonly dir?: string; readonly gain?: { readonly amt?: string } }[];
}

/** What a media server has after an operation: streams by direction, with their gain, and dialogs (RFC 5707 §8.8 to §8.10). */
class Model {
  readonly gains = new Map<string, string>();
  readonly dialogs = new Set<string>();

  apply(operations: ReturnType<typeof streamOperations>): void {
    for (const operation of operations) {
      if (operation.element === 'dialogstart') this.dialogs.add(operation.name ?? '');
      else if (operation.element === 'dialogend')
        this.dialogs.delete(operation.id.split('/dialog:')[1] ?? '');
      else if (
        operation.element === 'join' ||
        operation.element === 'modifystream' ||
        operation.element === 'unjoin'
      )
        this.change(operation);
      else throw new Error(operation.element);
    }
  }

  private change({ element, id1, id2, streams = [{}] }: StreamChange): void {
    for (const { dir, gain } of streams) {
      const amount = gain?.amt === 'unmute' ? '0' : gain?.amt;
      if (dir !== 'to-id1') this.changeHalf(element, `${id1}>${id2}`, amount);
      if (dir !== 'from-id1') this.changeHalf(element, `${id2}>${id1}`, amount);
    }
  }

  private changeHalf(element: string, key: string, amount: string | undefined): void {
    if (element === 'unjoin') this.gains.delete(key);
    else if (element === 'modifystream' && !this.gains.has(key)) throw new Error(`no stream ${key}`);
    else this.gains.set(key, amount ?? this.gains.get(key) ?? '0');
  }
}

function expected({ speak, hear, whisper, music }: Streams) {
  const gains: [string, string][] = [
    ...(speak === undefined ? [] : [[`${OWN}>${MIX}`, String(speak)] as [string, string]]),
    ...(hear === undefined ? [] : [[`${MIX}>${OWN}`, String(hear)] as [string, string]]),
    ...(whisper ? [[`${OWN}>${whisper.to}`, String(whisper.loudness)] as [string, string]] : []),
  ];
  return { gains: gains.sort(), dialogs: music === undefined ? [] : [music] };
}

describe('the operations of a change', () => {
  it('make of what is there what is wanted, whatever the two are', () => {
    fc.assert(
      fc.property(streams, streams, (from, to) => {
        const model = new Model();
        model.apply(streamOperations(CONFERENCE, OWN, { from: {}, to: from }));
        expect({ gains: [...model.gains].sort(), dialogs: [...model.dialogs] }).toEqual(expected(from));
        const operations = streamOperations(CONFERENCE, OWN, { from, to });
        model.apply(operations);
        expect({ gains: [...model.gains].sort(), dialogs: [...model.dialogs] }).toEqual(expected(to));
        expect(streamOperations(CONFERENCE, OWN, { from: to, to })).toEqual([]);
      }),
    );
  });

  it('can be written and read', () => {
    fc.assert(
      fc.property(streams, streams, (from, to) => {
        const operations = streamOperations(CONFERENCE, OWN, { from, to });
        if (operations.length === 0) return;
        const decoded = decodeMsml(encodeMsml({ kind: 'request', operations }));
        expect(decoded).toMatchObject({ ok: true, value: { kind: 'request' } });
      }),
    );
  });

  it('join by the plainest words when nothing special is wanted', () => {
    const operations = streamOperations(CONFERENCE, OWN, { from: {}, to: { speak: 0, hear: 0 } });
    expect(operations).toEqual([{ element: 'join', id1: OWN, id2: MIX }]);
  });

  it('tell who is mixed', () => {
    expect([{}, { speak: 'mute' as const }, { hear: 0 }, { music: 'm' }].map(isMixed)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
