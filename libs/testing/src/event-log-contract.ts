import type { EventLog, LoggedEvent } from '@legato/b2bua';
import { callEvent } from './call-store-contract';

export interface EventLogHarness {
  readonly log: EventLog;
  close(): Promise<void>;
}

const WAIT_MS = 5_000;

/** Collects what a subscription brings, and lets a test wait for it. */
export class EventCollector {
  readonly events: LoggedEvent[] = [];
  private waiting: { count: number; resolve: () => void } | undefined;

  readonly take = (event: LoggedEvent): void => {
    this.events.push(event);
    if (this.waiting && this.events.length >= this.waiting.count) this.waiting.resolve();
  };

  /** The ids of the first `count` events, as soon as there are so many. */
  async first(count: number): Promise<string[]> {
    if (this.events.length < count) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${this.events.length} of ${count} events came`)),
          WAIT_MS,
        );
        this.waiting = {
          count,
          resolve: () => {
            clearTimeout(timer);
            resolve();
          },
        };
      });
    }
    return this.events.slice(0, count).map((event) => event.id);
  }
}

/** What every EventLog has to do; `open` gives an empty one to each test. */
export function describeEventLog(name: string, open: () => Promise<EventLogHarness>): void {
  describe(`${name}: the contract of an event log`, () => {
    let place: EventLogHarness;
    let log: EventLog;

    beforeEach(async () => {
      place = await open();
      log = place.log;
    });

    afterEach(() => place.close());

    const append = async (count: number) => {
      const events = Array.from({ length: count }, (_, i) => callEvent('call_1', i + 1));
      await log.append(events);
      return events.map((event) => event.id);
    };

    it('is empty at first', async () => {
      expect(await log.read('', 10)).toEqual({ events: [], next: '', hasMore: false });
    });

    it('gives back an event as it was appended, with a cursor', async () => {
      const event = callEvent('call_1', 1);
      await log.append([event]);
      const { events } = await log.read('', 10);
      expect(events).toEqual([{ ...event, cursor: expect.stringMatching(/./) as string }]);
    });

    it('pages through all events in order, from each page to the next', async () => {
      const ids = await append(7);
      const read: string[] = [];
      let cursor = '';
      for (let more = true; more;) {
        const page = await log.read(cursor, 3);
        expect(page.events.length).toBeLessThanOrEqual(3);
        read.push(...page.events.map((event) => event.id));
        cursor = page.next;
        more = page.hasMore;
      }
      expect(read).toEqual(ids);
      expect((await log.read(cursor, 3)).events).toEqual([]);
      expect((await log.read(cursor, 3)).next).toBe(cursor);
    });

    it('knows the cursor of the newest event', async () => {
      expect(await log.last()).toBe('');
      await append(3);
      const { events } = await log.read('', 10);
      expect(await log.last()).toBe(events[2]?.cursor);
    });

    it('reads on after the cursor of any event', async () => {
      const ids = await append(3);
      const { events } = await log.read('', 10);
      expect((await log.read(events[1]!.cursor, 10)).events.map((event) => event.id)).toEqual(ids.slice(2));
    });

    it('takes a cursor that is none of its own for the oldest', async () => {
      const ids = await append(2);
      for (const cursor of ['nonsense', '-', '1', '9'.repeat(40), '(', '0-0 x']) {
        expect((await log.read(cursor, 10)).events.map((event) => event.id)).toEqual(ids);
      }
    });

    it('appends nothing for no events', async () => {
      await log.append([]);
      expect((await log.read('', 10)).events).toEqual([]);
    });

    it('brings a subscription the past and then what comes, in order and once', async () => {
      const ids = await append(3);
      const collector = new EventCollector();
      const stop = log.subscribe('', collector.take);
      await collector.first(3);
      ids.push(...(await append(2)));
      expect(await collector.first(5)).toEqual(ids);
      ids.push(...(await append(1)));
      expect(await collector.first(6)).toEqual(ids);
      stop();
    });

    it('begins a subscription after its cursor', async () => {
      const ids = await append(3);
      const { events } = await log.read('', 1);
      const collector = new EventCollector();
      const stop = log.subscribe(events[0]!.cursor, collector.take);
      expect(await collector.first(2)).toEqual(ids.slice(1));
      stop();
    });

    it('serves subscriptions from different places at once', async () => {
      const ids = await append(600);
      const { events } = await log.read('', 600);
      const early = new EventCollector();
      const late = new EventCollector();
      const stops = [log.subscribe('', early.take), log.subscribe(events[598]!.cursor, late.take)];
      ids.push(...(await append(600)));
      expect(await early.first(1200)).toEqual(ids);
      expect(await late.first(601)).toEqual(ids.slice(599));
      for (const stop of stops) stop();
    });

    it('brings nothing after a subscription is given up, not even inside its listener', async () => {
      const collector = new EventCollector();
      const stop = log.subscribe('', (event) => {
        collector.take(event);
        stop();
      });
      const other = new EventCollector();
      const stopOther = log.subscribe('', other.take);
      await append(3);
      await other.first(3);
      expect(collector.events).toHaveLength(1);
      stopOther();
    });

    it('keeps a listener that throws from harming others', async () => {
      const stopBad = log.subscribe('', () => {
        throw new Error('a listener fails');
      });
      const collector = new EventCollector();
      const stop = log.subscribe('', collector.take);
      const ids = await append(2);
      expect(await collector.first(2)).toEqual(ids);
      stopBad();
      stop();
    });

    it('keeps the order for all when a listener appends', async () => {
      let appended = false;
      const stopFirst = log.subscribe('', () => {
        if (appended) return;
        appended = true;
        void log.append([callEvent('call_2', 1)]);
      });
      const collector = new EventCollector();
      const stop = log.subscribe('', collector.take);
      await append(2);
      const seen = await collector.first(3);
      expect(seen).toEqual((await log.read('', 10)).events.map((event) => event.id));
      stopFirst();
      stop();
    });
  });
}
