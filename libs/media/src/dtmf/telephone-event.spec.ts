import fc from 'fast-check';
import { EventReceiver } from './event-receiver';
import { EventSender } from './event-sender';
import {
  TelephoneEvent,
  digitOfEvent,
  eventOfDigit,
  readTelephoneEvent,
  writeTelephoneEvent,
} from './telephone-event';

type Heard = [digit: string, durationMs: number];

function receiver() {
  const heard: Heard[] = [];
  const receive = new EventReceiver(8000, (digit, durationMs) => heard.push([digit, durationMs]));
  const bytes = new Uint8Array(4);
  const packet = (event: number, timestamp: number, duration: number, end = false): void => {
    writeTelephoneEvent(bytes, 0, event, end, duration);
    receive.receive(bytes, 0, 4, timestamp);
  };
  return { heard, receive, packet };
}

describe('telephone-event payload (RFC 4733 §2.3)', () => {
  it('reads back what it writes', () => {
    const bytes = new Uint8Array(6);
    const event = new TelephoneEvent();
    expect(writeTelephoneEvent(bytes, 1, 11, true, 0x1234)).toBe(4);
    expect(readTelephoneEvent(bytes, 1, 5, event)).toBe(true);
    expect({ ...event }).toEqual({ event: 11, end: true, duration: 0x1234 });
  });

  it('refuses payloads that are too short and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), fc.nat(8), fc.nat(8), (bytes, start, end) => {
        const read = readTelephoneEvent(bytes, start, end, new TelephoneEvent());
        expect(read).toBe(end - start >= 4 && end <= bytes.length);
      }),
    );
  });

  it('maps codes to digits and back (§3.2)', () => {
    for (const digit of '0123456789*#ABCD') expect(digitOfEvent(eventOfDigit(digit))).toBe(digit);
    expect(eventOfDigit('d')).toBe(15);
    expect([eventOfDigit('x'), eventOfDigit('12'), eventOfDigit('')]).toEqual([-1, -1, -1]);
    expect(digitOfEvent(16)).toBeUndefined();
  });
});

describe('event receiver (RFC 4733 §2.5.2)', () => {
  it('reports a digit once at its end, though the end is sent three times (§2.5.1.4)', () => {
    const { heard, packet } = receiver();
    for (let i = 1; i <= 4; i++) packet(5, 1000, i * 160);
    expect(heard).toEqual([]);
    for (let i = 0; i < 3; i++) packet(5, 1000, 800, true);
    expect(heard).toEqual([['5', 100]]);
  });

  it('reports a digit of which only one end packet arrived', () => {
    const { heard, packet } = receiver();
    packet(1, 1000, 800, true);
    expect(heard).toEqual([['1', 100]]);
  });

  it('tells the same digit pressed twice from a repeated packet, by the timestamp', () => {
    const { heard, packet } = receiver();
    packet(7, 1000, 800, true);
    packet(7, 1000, 800, true);
    packet(7, 3000, 480, true);
    expect(heard).toEqual([
      ['7', 100],
      ['7', 60],
    ]);
  });

  it('ignores packets of an event that is over when they come late', () => {
    const { heard, packet } = receiver();
    packet(1, 1000, 800, true);
    packet(2, 3000, 160);
    packet(1, 1000, 800, true);
    packet(2, 3000, 800, true);
    expect(heard.map(([digit]) => digit)).toEqual(['1', '2']);
  });

  it('takes timestamps that go back for new events: some peers play recorded packets', () => {
    const { heard, packet } = receiver();
    packet(3, 23_200, 800, true);
    packet(1, 13_280, 160);
    packet(3, 23_200, 800, true);
    packet(1, 13_280, 800, true);
    expect(heard.map(([digit]) => digit)).toEqual(['3', '1']);
  });

  it('takes the same packets for the same digit again, when they come after 300 ms', () => {
    const { heard, receive, packet } = receiver();
    packet(1, 13_280, 800, true);
    for (let i = 0; i < 14; i++) receive.elapse(20);
    packet(1, 13_280, 800, true);
    expect(heard).toHaveLength(1);
    receive.elapse(20);
    packet(1, 13_280, 160);
    packet(1, 13_280, 800, true);
    packet(1, 13_280, 800, true);
    expect(heard).toHaveLength(2);
  });

  it('reports a digit whose end was lost when nothing of it comes any more (§2.5.2.2)', () => {
    const { heard, receive, packet } = receiver();
    packet(9, 1000, 320);
    for (let i = 0; i < 7; i++) receive.elapse(20);
    expect(heard).toEqual([]);
    receive.elapse(20);
    expect(heard).toEqual([['9', 40]]);
  });

  it('reports a digit whose end was lost when the next digit begins', () => {
    const { heard, packet } = receiver();
    packet(9, 1000, 320);
    packet(8, 4000, 160);
    expect(heard).toEqual([['9', 40]]);
  });

  it('joins the segments of an event that is longer than a packet can say (§2.5.1.3)', () => {
    const { heard, packet } = receiver();
    packet(3, 1000, 0xffff);
    packet(3, 1000 + 0xffff, 160);
    packet(3, 1000, 0xffff);
    packet(3, 1000 + 0xffff, 465, true);
    expect(heard).toEqual([['3', 8250]]);
  });

  it('ignores events that are no digits', () => {
    const { heard, packet } = receiver();
    packet(16, 1000, 800, true);
    expect(heard).toEqual([]);
  });

  it('reports an event that is going on when the source changes, and takes any timestamp after it', () => {
    const { heard, receive, packet } = receiver();
    packet(4, 500_000, 320);
    receive.reset();
    packet(6, 100, 800, true);
    expect(heard.map(([digit]) => digit)).toEqual(['4', '6']);
  });
});

describe('event sender (RFC 4733 §2.5.1)', () => {
  function run(sender: EventSender, ticks: number): string[] {
    return Array.from({ length: ticks }, () =>
      sender.tick()
        ? `${sender.event}${sender.isFirst ? 'M' : ''}${sender.isEnd ? 'E' : ''}@${sender.durationMs}`
        : '-',
    );
  }

  it('sends growing durations, then the end three times, then leaves the interval', () => {
    const sender = new EventSender(20);
    sender.enqueue('5', 60, 100);
    sender.enqueue('#', 60, 40);
    expect(run(sender, 13)).toEqual([
      '5M@20',
      '5@40',
      '5E@60',
      '5E@60',
      '5E@60',
      '-',
      '-',
      '-',
      '11M@20',
      '11@40',
      '11E@60',
      '11E@60',
      '11E@60',
    ]);
    expect(run(sender, 3)).toEqual(['-', '-', '-']);
    expect(sender.pending).toBe(0);
  });

  it('skips what is no digit, lengthens what is too short and bounds its queue', () => {
    const sender = new EventSender(20);
    sender.enqueue('x1 ', 1, 1);
    expect(run(sender, 5)).toEqual(['1M@20', '1E@40', '1E@40', '1E@40', '-']);
    sender.enqueue('1'.repeat(1000));
    expect(sender.pending).toBe(256);
  });

  it('is heard by the receiver as the digits that were sent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'0123456789*#ABCD'), { maxLength: 12 }),
        fc.integer({ min: 40, max: 400 }),
        (digits, ms) => {
          const { heard, packet, receive } = receiver();
          const sender = new EventSender(20);
          sender.enqueue(digits.join(''), ms, 60);
          let startedAt = 0;
          for (let tick = 0; tick < 500; tick++) {
            if (sender.tick()) {
              if (sender.isFirst) startedAt = tick * 160;
              packet(sender.event, startedAt, sender.durationMs * 8, sender.isEnd);
            }
            receive.elapse(20);
          }
          expect(heard.map(([digit]) => digit)).toEqual(digits);
        },
      ),
      { numRuns: 50 },
    );
  });
});
