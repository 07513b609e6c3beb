import fc from 'fast-check';
import { FakeClock } from '@legato/testing';
import { ReceptionStatistics } from './reception-statistics';
import type { ReportBlock, SenderInfo } from './rtcp-packet.parser';
import { readRtcp, writeRtcp } from './rtcp-packet.parser';
import { RtcpSession } from './rtcp-session';

const SENDER: SenderInfo = {
  ntpSeconds: 3_900_000_000,
  ntpFraction: 0x80000000,
  rtpTimestamp: 1,
  packets: 2,
  octets: 3,
};
const BLOCK: ReportBlock = {
  ssrc: 9,
  fractionLost: 64,
  lost: -2,
  highest: 70_000,
  jitter: 40,
  lastReport: 5,
  delay: 6,
};
const FULL = { ssrc: 7, cname: 'legato', sender: SENDER, block: BLOCK, goodbye: true };

describe('RTCP packets (RFC 3550 §6)', () => {
  it('reads back what it writes', () => {
    expect(readRtcp(writeRtcp(FULL))).toEqual({ ssrc: 7, sender: SENDER, blocks: [BLOCK], goodbye: true });
    const bare = writeRtcp({ ...FULL, sender: undefined, block: undefined, goodbye: false });
    expect(readRtcp(bare)).toEqual({ ssrc: 7, sender: undefined, blocks: [], goodbye: false });
  });

  it('is a compound of a report and a CNAME, in whole words (§6.1, §6.5)', () => {
    const bytes = writeRtcp({ ...FULL, sender: undefined, goodbye: false });
    expect([bytes.length % 4, bytes[1]]).toEqual([0, 201]);
    const description = bytes.subarray(32);
    expect([description[0], description[1], description[8], description[9]]).toEqual([0x81, 202, 1, 6]);
    expect(description.toString('latin1', 10, 16)).toBe('legato');
  });

  it('never throws, whatever the bytes, and bounds what it takes', () => {
    const valid = writeRtcp(FULL);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(valid.length),
        (edits, cut) => {
          const bytes = Buffer.from(valid);
          for (const [at, value] of edits) bytes[at] = value;
          const read = readRtcp(bytes.subarray(0, cut));
          expect(read === undefined || read.blocks.length <= 31).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
    expect(readRtcp(Buffer.concat(Array.from({ length: 40 }, () => valid)))).toBeUndefined();
    expect(readRtcp(new Uint8Array(0))).toBeUndefined();
    expect(readRtcp(valid.subarray(52))).toBeUndefined();
  });
});

describe('reception statistics (RFC 3550 §A.3, §A.8)', () => {
  it('counts what is missing, in all and since the last report', () => {
    const statistics = new ReceptionStatistics();
    for (let n = 65_530; n < 65_540; n++) if (n % 4 !== 0) statistics.receive(n & 0xffff, n * 160, n * 160);
    expect(statistics.report()).toMatchObject({
      lost: 2,
      highest: 65_539,
      fractionLost: Math.floor((2 * 256) / 10),
    });
    for (let n = 65_540; n < 65_550; n++) statistics.receive(n & 0xffff, n * 160, n * 160);
    expect(statistics.report()).toMatchObject({ lost: 2, highest: 65_549, fractionLost: 0 });
  });

  it('measures the jitter of the arrival, in timestamp units', () => {
    const steady = new ReceptionStatistics();
    const shaky = new ReceptionStatistics();
    for (let n = 0; n < 500; n++) {
      steady.receive(n, n * 160, n * 160 + 7777);
      shaky.receive(n, n * 160, n * 160 + (n % 2) * 80);
    }
    expect(steady.jitter).toBe(0);
    expect(shaky.jitter).toBeGreaterThan(75);
    expect(shaky.jitter).toBeLessThanOrEqual(80);
  });

  it('begins anew when the source does', () => {
    const statistics = new ReceptionStatistics();
    for (let n = 0; n < 10; n++) statistics.receive(n, 0, 0);
    for (let n = 30_000; n < 30_010; n++) statistics.receive(n, 0, 0);
    expect(statistics.lost).toBe(0);
  });
});

describe('RTCP session (RFC 3550 §6.4)', () => {
  function party(clock: FakeClock, ssrc: number) {
    const sent = { ssrc, packetsSent: 0, octetsSent: 0, timestamp: 0 };
    const received = new ReceptionStatistics();
    const out: Uint8Array[] = [];
    const session = new RtcpSession({
      clock,
      sent,
      received,
      cname: `c${ssrc}`,
      phase: 0,
      send: (bytes) => out.push(bytes),
    });
    return { sent, received, out, session };
  }

  it('reports every five seconds while media flows, and says goodbye', () => {
    const a = party(new FakeClock(), 1);
    const pass = () => {
      for (let n = 0; n < 250; n++) a.session.elapse(20, 2);
    };
    pass();
    expect(a.out).toHaveLength(0);
    a.sent.packetsSent = 250;
    pass();
    expect(readRtcp(a.out[0] as Uint8Array)).toMatchObject({
      ssrc: 1,
      sender: { packets: 250 },
      blocks: [],
      goodbye: false,
    });
    a.received.receive(5, 0, 0);
    pass();
    expect(readRtcp(a.out[1] as Uint8Array)).toMatchObject({
      sender: undefined,
      blocks: [{ ssrc: 2, highest: 5 }],
    });
    a.session.leave(2);
    expect(readRtcp(a.out[2] as Uint8Array)).toMatchObject({ goodbye: true });
  });

  it('measures the round trip and takes what the other end tells of us (§6.4.1)', () => {
    const clock = new FakeClock();
    const a = party(clock, 1);
    const b = party(clock, 2);
    a.sent.packetsSent = 10;
    a.session.elapse(5000, 2);
    clock.advance(30);
    for (const n of [1, 2, 4]) b.received.receive(n, n * 160, n * 160 + (n % 2) * 160);
    expect(b.session.receive(a.out[0] as Uint8Array, 8000)).toBe(true);
    clock.advance(2000);
    b.session.elapse(5000, 1);
    clock.advance(20);
    expect(a.session.receive(b.out[0] as Uint8Array, 8000)).toBe(true);
    expect(a.session.remote?.roundTripMs).toBeCloseTo(50, 0);
    expect(a.session.remote?.lostShare).toBeCloseTo(0.25, 2);
    expect(a.session.remote?.jitterMs).toBeGreaterThan(0);
    expect(a.session.receive(Uint8Array.of(1, 2, 3), 8000)).toBe(false);
  });
});
