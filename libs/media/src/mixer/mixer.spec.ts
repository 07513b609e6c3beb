import fc from 'fast-check';
import { Conference } from './conference';
import { addFrame, frameSamples, saturate, saturateWithout } from './frame';
import type { MediaNode } from './media-node';
import type { Stream } from './stream';
import { isolate, joinNodes, neighbours, unjoinNodes } from './topology';

const RATE = 8000;
const limited = (sample: number) => Math.max(-32768, Math.min(32767, sample));

/** A node that says one level. */
class Speaker implements MediaNode {
  readonly sampleRate = RATE;
  toneHeard = false;
  tonesWanted = 0;
  readonly inbound: Stream[] = [];
  readonly outbound: Stream[] = [];
  sources = [];
  taps = [];
  level = 0;

  constructor(readonly id: string) {}

  give(stream: Stream): void {
    stream.frame = new Int16Array(frameSamples(RATE)).fill(this.level);
    stream.audible = this.level !== 0;
  }

  /** What this node hears, as one level. */
  get hears(): number {
    let sum = 0;
    for (const stream of this.inbound) {
      stream.carry();
      if (stream.audible) sum += stream.frame[0] as number;
    }
    return sum;
  }
}

function speakers(...levels: number[]): Speaker[] {
  return levels.map((level, n) => Object.assign(new Speaker(`s${n}`), { level }));
}

describe('mixing', () => {
  const frames = fc.array(fc.int16Array({ minLength: 4, maxLength: 4 }), { maxLength: 40 });

  it('never overflows: the sum is limited to 16 bits, with and without one part', () => {
    fc.assert(
      fc.property(frames, fc.int16Array({ minLength: 4, maxLength: 4 }), (parts, own) => {
        const sum = new Int32Array(4);
        for (const part of [...parts, own]) addFrame(sum, part);
        const all = new Int16Array(4);
        const others = new Int16Array(4);
        saturate(sum, all);
        saturateWithout(sum, own, others);
        for (let i = 0; i < 4; i++) {
          const exact = parts.reduce((total, part) => total + (part[i] as number), 0);
          expect(others[i]).toBe(limited(exact));
          expect(all[i]).toBe(limited(exact + (own[i] as number)));
        }
      }),
    );
  });

  it('gives every member the sum of the others, however loud', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 20 }),
        (levels) => {
          const room = new Conference('room', RATE);
          const members = speakers(...levels);
          for (const member of members) joinNodes(member, room);
          room.mix();
          const total = levels.reduce((sum, level) => sum + level, 0);
          expect(members.map(({ hears }) => hears)).toEqual(levels.map((level) => limited(total - level)));
          expect(room.mixed[0]).toBe(limited(total));
        },
      ),
    );
  });

  it('adds what is played into a conference, for all members', () => {
    const room = new Conference('room', RATE);
    const [a, b] = speakers(100, 0) as [Speaker, Speaker];
    for (const member of [a, b]) joinNodes(member, room);
    room.sources = [{ pull: (frame) => Boolean(frame.fill(7)) }, { pull: () => false }];
    room.mix();
    expect([a.hears, b.hears]).toEqual([7, 107]);
  });
});

describe('topology (RFC 5707 §8.12)', () => {
  it('joins once however often it is asked, and forgets all of it', () => {
    const [a, b, c] = speakers(1, 2, 3) as [Speaker, Speaker, Speaker];
    for (let i = 0; i < 3; i++) joinNodes(a, b);
    joinNodes(a, c, 'to-id1');
    expect(a.inbound).toHaveLength(2);
    expect(neighbours(a)).toEqual(['s1', 's2']);
    expect([a.hears, b.hears, c.hears]).toEqual([5, 1, 0]);
    isolate(a);
    expect([a, b, c].map((node) => node.inbound.length + node.outbound.length)).toEqual([0, 0, 0]);
  });

  it('gives the full mix to a member that still listens but speaks no more', () => {
    const room = new Conference('room', RATE);
    const [a, b] = speakers(100, 10) as [Speaker, Speaker];
    for (const member of [a, b]) joinNodes(member, room);
    room.mix();
    expect(a.hears).toBe(10);
    unjoinNodes(a, room, 'from-id1');
    b.level = 20;
    room.mix();
    expect(a.hears).toBe(20);
    joinNodes(a, room, 'from-id1');
    room.mix();
    expect(a.hears).toBe(20);
    expect(room.mixed[0]).toBe(120);
  });
});
