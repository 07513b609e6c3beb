import fc from 'fast-check';
import { MU_LAW_DECODE, PCMU } from '../codecs/g711';
import { JitterBuffer } from './jitter-buffer';

const TICK = 160;

/** A packet whose samples all carry `code`. */
function insert(buffer: JitterBuffer, sequence: number, timestamp: number, code: number, samples = 160) {
  return buffer.insert(new Uint8Array(samples).fill(code), 0, samples, sequence & 0xffff, timestamp >>> 0);
}

function pull(buffer: JitterBuffer): Int16Array {
  const frame = new Int16Array(TICK);
  buffer.pull(frame);
  return frame;
}

const level = (code: number) => MU_LAW_DECODE[code];
const isSilent = (frame: Int16Array) => frame.every((sample) => sample === 0);

/** The first samples of `count` pulled frames. */
const pullLevels = (buffer: JitterBuffer, count: number) =>
  Array.from({ length: count }, () => pull(buffer)[0]);

describe('jitter buffer (RFC 3550 §A.1)', () => {
  it('holds three packets of 20 ms before it plays the first', () => {
    const buffer = new JitterBuffer(PCMU);
    insert(buffer, 1, 160, 10);
    expect(isSilent(pull(buffer))).toBe(true);
    insert(buffer, 2, 320, 11);
    insert(buffer, 3, 480, 12);
    expect(pullLevels(buffer, 3)).toEqual([10, 11, 12].map(level));
  });

  it('plays a short burst after the waiting time though the buffer never filled', () => {
    const buffer = new JitterBuffer(PCMU);
    insert(buffer, 1, 160, 10);
    const levels = pullLevels(buffer, 6);
    expect(levels.filter((sample) => sample === level(10))).toHaveLength(1);
  });

  it('puts packets that overtook each other back into order', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [2, 1, 4, 3]) insert(buffer, n, n * 160, n);
    expect(pullLevels(buffer, 4)).toEqual([1, 2, 3, 4].map(level));
  });

  it('keeps order across the wrap of sequence number and timestamp', () => {
    const buffer = new JitterBuffer(PCMU);
    for (let n = 0; n < 4; n++) insert(buffer, 65534 + n, 0xffffff00 + n * 160, n + 1);
    expect(pullLevels(buffer, 4)).toEqual([1, 2, 3, 4].map(level));
  });

  it('leaves the time of a lost packet silent and plays what follows at its time', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [1, 2, 4, 5]) insert(buffer, n, n * 160, n);
    expect(pullLevels(buffer, 5)).toEqual([level(1), level(2), 0, level(4), level(5)]);
  });

  it('drops duplicates and packets whose time has passed', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [1, 2, 4, 5]) expect(insert(buffer, n, n * 160, n)).toBe('stored');
    expect(insert(buffer, 2, 320, 9)).toBe('duplicate');
    pullLevels(buffer, 4);
    expect(insert(buffer, 3, 480, 9)).toBe('late');
    expect(insert(buffer, 2, 320, 9)).toBe('duplicate');
  });

  it('keeps the length of a pause in which the sender said nothing (RFC 3551 §4.1)', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [1, 2, 3]) insert(buffer, n, n * 160, n);
    insert(buffer, 4, 6 * 160, 4);
    expect(pullLevels(buffer, 6)).toEqual([level(1), level(2), level(3), 0, 0, level(4)]);
  });

  it.each([80, 160, 240, 480])('plays a steady stream of packets of %d samples without a gap', (samples) => {
    const buffer = new JitterBuffer(PCMU);
    let sent = 0;
    let silentAfterStart = 0;
    let started = false;
    for (let tick = 1; tick <= 100; tick++) {
      while ((sent + 1) * samples <= tick * TICK) {
        insert(buffer, sent, sent * samples, 20, samples);
        sent += 1;
      }
      const silent = pull(buffer).some((sample) => sample === 0);
      started ||= !silent;
      if (started && silent) silentAfterStart += 1;
    }
    expect(started).toBe(true);
    expect(silentAfterStart).toBe(0);
  });

  it('works off a burst that made the delay too long', () => {
    const buffer = new JitterBuffer(PCMU);
    for (let n = 0; n < 30; n++) insert(buffer, n, n * 160, 20);
    pull(buffer);
    expect(buffer.depth).toBeLessThanOrEqual(buffer.target);
  });

  it('works off a small excess that stays, one frame a second', () => {
    const buffer = new JitterBuffer(PCMU);
    for (let n = 0; n < 7; n++) insert(buffer, n, n * 160, 20);
    for (let n = 7; n < 300; n++) {
      insert(buffer, n, n * 160, 20);
      pull(buffer);
    }
    expect(buffer.depth).toBeLessThanOrEqual(buffer.target + TICK);
  });

  it('fills again after it ran dry, and plays on', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [1, 2, 3]) insert(buffer, n, n * 160, n);
    pullLevels(buffer, 5);
    for (const n of [10, 11, 12, 13]) insert(buffer, n, n * 160, n);
    expect(pullLevels(buffer, 4)).toEqual([10, 11, 12, 13].map(level));
  });

  it('holds more after it ran dry or a packet came late, and less after ten calm seconds', () => {
    const buffer = new JitterBuffer(PCMU);
    const targetMs = () => buffer.target / 8;
    for (const n of [1, 2, 3]) insert(buffer, n, n * 160, n);
    expect(targetMs()).toBe(60);
    pullLevels(buffer, 5);
    for (const n of [6, 7, 8, 9, 11, 12]) insert(buffer, n, n * 160, n);
    expect(targetMs()).toBe(80);
    pullLevels(buffer, 5);
    expect(pull(buffer)[0]).toBe(level(11));
    insert(buffer, 10, 1600, 10);
    expect(targetMs()).toBe(100);
    // The frame that is made up now is the additional delay.
    expect(pullLevels(buffer, 2)).toEqual([0, level(12)]);
    for (let n = 13; n < 560; n++) {
      insert(buffer, n, n * 160, n);
      pull(buffer);
    }
    expect(targetMs()).toBe(90);
  });

  it('takes a long pause of the sender for no jitter', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [1, 2, 3]) insert(buffer, n, n * 160, n);
    pullLevels(buffer, 50);
    insert(buffer, 4, 60 * 160, 4);
    expect(buffer.target).toBe(480);
  });

  it('starts anew when the numbers jump', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [1, 2, 3]) insert(buffer, n, n * 160, n);
    for (const n of [40001, 40002, 40003]) insert(buffer, n, n * 160 + 999_999, n & 7);
    expect(pullLevels(buffer, 3)).toEqual([1, 2, 3].map(level));
  });

  it('takes a jump back of the numbers for a new start, not for late packets', () => {
    const buffer = new JitterBuffer(PCMU);
    for (const n of [10001, 10002, 10003]) insert(buffer, n, n * 160, 9);
    expect([1, 2, 3].map((n) => insert(buffer, n, n * 160, n))).toEqual(['stored', 'stored', 'stored']);
    expect(pullLevels(buffer, 3)).toEqual([1, 2, 3].map(level));
  });

  it('refuses payloads that are empty or longer than 120 ms', () => {
    const buffer = new JitterBuffer(PCMU);
    expect(insert(buffer, 1, 0, 1, 0)).toBe('refused');
    expect(insert(buffer, 1, 0, 1, 961)).toBe('refused');
  });

  it('takes any packets in any order, fills every frame and stays bounded', () => {
    const packet = fc.record({
      sequence: fc.oneof(fc.nat(200), fc.nat(0xffff)),
      timestamp: fc.oneof(fc.nat(40_000), fc.nat(0xffffffff)),
      samples: fc.nat(1000),
      pulls: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 150 }), (packets) => {
        const buffer = new JitterBuffer(PCMU);
        for (const { sequence, timestamp, samples, pulls } of packets) {
          insert(buffer, sequence, timestamp, 5, samples);
          for (let i = 0; i < pulls; i++) pull(buffer);
          expect(buffer.depth).toBeGreaterThanOrEqual(0);
          expect(buffer.depth).toBeLessThanOrEqual(65 * 960);
        }
        for (let i = 0; i < 500; i++) pull(buffer);
        expect(buffer.depth).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
