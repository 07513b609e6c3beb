import { sineWave } from '../tones/sine';
import { Conference } from './conference';
import { frameSamples } from './frame';
import { fromDbm0, meanSquare, toDbm0 } from './level';
import type { MediaNode } from './media-node';
import { SpeakerNotifier } from './speaker-notifier';
import type { Stream } from './stream';
import { StreamShaper } from './stream-shape';
import { joinNodes, streamBetween } from './topology';

const RATE = 8000;

/** A sine of a level, in frames of 20 ms. */
function frames(levelDbm0: number, count: number): Int16Array[] {
  const peak = Math.sqrt(fromDbm0(levelDbm0) * 2);
  const samples = sineWave(400, count * 20, RATE, peak);
  return Array.from({ length: count }, (_, n) => samples.subarray(n * 160, (n + 1) * 160));
}

const levelOf = (frame: Int16Array) => toDbm0(meanSquare(frame));

/** A member whose level a test sets; 0 is silence that is sent, undefined no audio at all. */
class Member implements MediaNode {
  readonly sampleRate = RATE;
  readonly inbound: Stream[] = [];
  readonly outbound: Stream[] = [];
  sources = [];
  taps = [];
  toneHeard = false;
  tonesWanted = 0;
  amplitude: number | undefined = 0;

  constructor(readonly id: string) {}

  give(stream: Stream): void {
    stream.frame = new Int16Array(frameSamples(RATE)).fill(this.amplitude ?? 0);
    stream.audible = this.amplitude !== undefined;
  }

  hears(room: Conference): number {
    const stream = streamBetween(room, this);
    stream?.carry();
    return stream?.audible ? (stream.frame[0] as number) : 0;
  }
}

function room(...amplitudes: (number | undefined)[]): { room: Conference; members: Member[] } {
  const conference = new Conference('room', RATE);
  const members = amplitudes.map((amplitude, n) => Object.assign(new Member(`m${n}`), { amplitude }));
  for (const member of members) joinNodes(member, conference);
  return { room: conference, members };
}

describe('levels in dBm0', () => {
  it('puts a full-scale sine at 3.14 dBm0 and silence at -96', () => {
    expect(levelOf(sineWave(400, 1000, RATE, 32767))).toBeCloseTo(3.14, 1);
    expect(levelOf(new Int16Array(160))).toBe(-96);
    expect(toDbm0(fromDbm0(-20))).toBeCloseTo(-20, 6);
  });
});

describe('shape of a stream (RFC 5707 §8.12.1)', () => {
  it('amplifies and attenuates by decibels, and limits', () => {
    const [frame] = frames(-20, 1) as [Int16Array];
    expect(levelOf(new StreamShaper({ gain: 6 }).apply(frame))).toBeCloseTo(-14, 1);
    expect(levelOf(new StreamShaper({ gain: -30 }).apply(frame))).toBeCloseTo(-50, 0);
    expect(Math.max(...new StreamShaper({ gain: 90 }).apply(frame))).toBe(32767);
    expect(new StreamShaper({}).apply(frame)).toBe(frame);
  });

  it('brings quiet and loud speech to the target level, with no more gain than is allowed', () => {
    const settled = (levelDbm0: number, maxGainDb: number) => {
      const shaper = new StreamShaper({ agc: { targetDbm0: -15, maxGainDb } });
      return levelOf(
        frames(levelDbm0, 100)
          .map((frame) => shaper.apply(frame).slice())
          .at(-1) as Int16Array,
      );
    };
    expect(settled(-35, 40)).toBeCloseTo(-15, 0);
    expect(settled(-5, 40)).toBeCloseTo(-15, 0);
    expect(settled(-35, 10)).toBeCloseTo(-25, 0);
  });

  it('does not turn up the noise between words', () => {
    const shaper = new StreamShaper({ agc: { targetDbm0: -15, maxGainDb: 40 } });
    for (const frame of frames(-20, 50)) shaper.apply(frame);
    const noise = frames(-60, 200).map((frame) => levelOf(shaper.apply(frame)));
    expect(Math.max(...noise)).toBeLessThan(-50);
  });

  it('mutes, and takes out tones while they last', () => {
    expect(new StreamShaper({ gain: 'mute' }).silences(false)).toBe(true);
    const clamp = new StreamShaper({ clampDtmf: true });
    expect([clamp.silences(true), clamp.silences(false)]).toEqual([true, false]);
    expect(new StreamShaper({}).silences(true)).toBe(false);
  });

  it('applies to one stream: a member that is muted hears the others, and is not heard', () => {
    const { room: conference, members } = room(100, 10, 1);
    const [a, b, c] = members as [Member, Member, Member];
    (streamBetween(a, conference) as Stream).shape = { gain: 'mute' };
    (streamBetween(conference, c) as Stream).shape = { gain: 20 };
    conference.mix();
    conference.mix();
    expect([a, b, c].map((member) => member.hears(conference))).toEqual([11, 1, 100]);
    (streamBetween(a, conference) as Stream).shape = {};
    conference.mix();
    expect(b.hears(conference)).toBe(101);
  });
});

describe('n loudest (RFC 5707 §8.6.1)', () => {
  it('mixes the loudest and whoever is preferred, and each hears no itself', () => {
    const { room: conference, members } = room(1000, 2000, 4000, 8);
    const quiet = members[3] as Member;
    conference.nLoudest = 2;
    conference.mix();
    expect(conference.mixed[0]).toBe(6000);
    expect(members.map((member) => member.hears(conference))).toEqual([6000, 4000, 2000, 6000]);
    (streamBetween(quiet, conference) as Stream).shape = { preferred: true };
    conference.mix();
    expect(conference.mixed[0]).toBe(6008);
    conference.nLoudest = undefined;
    conference.mix();
    expect(conference.mixed[0]).toBe(7008);
  });

  it('keeps who speaks over a short pause, and lets a louder one in', () => {
    const { room: conference, members } = room(3000, 1000);
    const [a, b] = members as [Member, Member];
    conference.nLoudest = 1;
    conference.mix();
    a.amplitude = 0;
    conference.mix();
    expect(conference.mixed[0]).toBe(0);
    a.amplitude = 1000;
    b.amplitude = 1200;
    conference.mix();
    expect(conference.mixed[0]).toBe(1000);
    a.amplitude = 0;
    for (let i = 0; i < 50; i++) conference.mix();
    expect(conference.mixed[0]).toBe(1200);
  });
});

describe('change of the loudest', () => {
  it('does not go to and fro between two who are about as loud', () => {
    const { room: conference, members } = room(1000, 0);
    const b = members[1] as Member;
    conference.nLoudest = 1;
    const settled = (amplitude: number) => {
      b.amplitude = amplitude;
      for (let i = 0; i < 50; i++) conference.mix();
      return conference.mixed[0];
    };
    expect([settled(0), settled(1300), settled(1500), settled(900), settled(600)]).toEqual([
      1000, 1000, 1500, 900, 1000,
    ]);
  });
});

describe('active speakers (RFC 5707 §8.6.2)', () => {
  function watched(intervalMs: number, thresholdDbm0: number) {
    const { room: conference, members } = room(0, 0, undefined);
    const heard: string[][] = [];
    conference.notifier = new SpeakerNotifier({ intervalMs, thresholdDbm0 }, (ids) => heard.push(ids));
    const pass = (ms: number) => {
      for (let i = 0; i < ms; i += 20) conference.mix();
    };
    return { conference, members: members as [Member, Member, Member], heard, pass };
  }

  it('tells of changes, the loudest first, and of nothing else', () => {
    const { members, heard, pass } = watched(1000, -40);
    const [a, b] = members;
    pass(3000);
    a.amplitude = 2000;
    pass(3000);
    b.amplitude = 4000;
    pass(3000);
    a.amplitude = 20;
    pass(3000);
    b.amplitude = undefined;
    pass(3000);
    expect(heard).toEqual([['m0'], ['m1', 'm0'], ['m1'], []]);
  });

  it.each([
    [2000, 2],
    [5000, 5],
    [0, Infinity],
  ])('with an interval of %d ms is never quicker than that; 0 is off', (intervalMs, leastSeconds) => {
    const { members, heard, pass } = watched(intervalMs, -40);
    const at: number[] = [];
    for (let second = 0; second < 30; second++) {
      members[0].amplitude = second % 3 === 0 ? 3000 : undefined;
      pass(1000);
      if (heard.length > at.length) at.push(second);
    }
    expect(at.length).toBe(heard.length);
    expect(at.length > 2).toBe(leastSeconds < Infinity);
    for (let i = 1; i < at.length; i++)
      expect((at[i] as number) - (at[i - 1] as number)).toBeGreaterThanOrEqual(leastSeconds - 1);
  });
});
