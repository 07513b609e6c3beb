import type { EventDocument } from '@legato/contracts';
import type {
  AttemptOutcome,
  Delivery,
  DeliveryQueue,
  DeliveryWorker,
} from '../../../apps/control-plane/src/webhooks/delivery-queue';

export interface DeliveryQueueHarness {
  /** The queue of a webhook; a second one of the same id is the queue of a later process, where that can be. */
  open(webhookId: string): DeliveryQueue;
  readonly outlivesProcess: boolean;
  close(): Promise<void>;
}

const uuid = (n: number) => `0192f0c1-5b7a-7cc1-8d0f-${String(n).padStart(12, '0')}`;

const event = (n: number): EventDocument => ({
  specversion: '1.0',
  id: `evt_${uuid(n)}`,
  source: 'urn:legato:control-plane',
  type: 'call.held',
  subject: 'call_1',
  time: '2026-11-21T02:30:00.000Z',
  datacontenttype: 'application/json',
  sequence: n,
  cursor: `${n}-0`,
  data: {},
});

const delivery = (n: number): Delivery => ({ id: `dlv_${uuid(n)}`, event: event(n), createdAt: 1_000 + n });
const attempt = { at: 5, durationMs: 7 };

/** A worker whose answers are prepared, and that lets a test wait for what it was asked. */
class ScriptedWorker implements DeliveryWorker {
  readonly attempts: [id: string, attempt: number][] = [];
  readonly settledIds: string[] = [];
  private wake: () => void = () => undefined;

  constructor(
    private readonly answer: (
      delivery: Delivery,
      attempt: number,
    ) => AttemptOutcome | Promise<AttemptOutcome>,
  ) {}

  async attempt(one: Delivery, number: number): Promise<AttemptOutcome> {
    this.attempts.push([one.id, number]);
    this.wake();
    return this.answer(one, number);
  }

  settled(id: string): void {
    if (!this.settledIds.includes(id)) this.settledIds.push(id);
    this.wake();
  }

  async until(what: (worker: ScriptedWorker) => boolean): Promise<void> {
    while (!what(this)) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

const delivered: AttemptOutcome = { to: 'delivered', attempt: { ...attempt, status: 204 } };
const refused = (delayMs: number): AttemptOutcome => ({
  to: 'retrying',
  delayMs,
  attempt: { ...attempt, status: 500, error: 'HTTP 500' },
});

/** What every delivery queue does. */
export function describeDeliveryQueue(name: string, start: () => Promise<DeliveryQueueHarness>): void {
  describe(`a delivery queue ${name}`, () => {
    let harness: DeliveryQueueHarness;
    let opened: DeliveryQueue[];

    beforeEach(async () => {
      harness = await start();
      opened = [];
    });
    afterEach(async () => {
      for (const queue of opened) await queue.close();
      await harness.close();
    });

    const open = (webhookId = 'whk_a') => {
      const queue = harness.open(webhookId);
      opened.push(queue);
      return queue;
    };

    it('keeps deliveries until somebody carries them out', async () => {
      const queue = open();
      expect(await queue.add(delivery(1))).toBe('open');
      expect(await queue.find(delivery(1).id)).toMatchObject({
        ...delivery(1),
        state: 'queued',
        attempts: 0,
      });
      const worker = new ScriptedWorker(() => delivered);
      queue.work(worker, 4);
      await worker.until(({ settledIds }) => settledIds.length === 1);
      expect(await queue.find(delivery(1).id)).toMatchObject({
        state: 'delivered',
        attempts: 1,
        lastAttempt: { ...attempt, status: 204 },
      });
    });

    it('takes each delivery once', async () => {
      const queue = open();
      const worker = new ScriptedWorker(() => delivered);
      await queue.add(delivery(1));
      expect(await queue.add(delivery(1))).toBe('open');
      queue.work(worker, 4);
      await worker.until(({ settledIds }) => settledIds.length === 1);
      expect(await queue.add(delivery(1))).toBe('settled');
      await queue.add(delivery(2));
      await worker.until(({ settledIds }) => settledIds.length === 2);
      expect(worker.attempts.map(([id]) => id)).toEqual([delivery(1).id, delivery(2).id]);
    });

    it('tries again after the back-off, and counts', async () => {
      const queue = open();
      const worker = new ScriptedWorker((_delivery, number) => (number < 3 ? refused(20) : delivered));
      queue.work(worker, 4);
      await queue.add(delivery(1));
      await worker.until(({ settledIds }) => settledIds.length === 1);
      expect(worker.attempts.map(([, number]) => number)).toEqual([1, 2, 3]);
    });

    it('gives up when it is told to', async () => {
      const queue = open();
      const worker = new ScriptedWorker(() => ({
        to: 'dead',
        attempt: { ...attempt, status: 410, error: 'HTTP 410' },
      }));
      queue.work(worker, 4);
      await queue.add(delivery(1));
      await worker.until(({ settledIds }) => settledIds.length === 1);
      expect(await queue.find(delivery(1).id)).toMatchObject({
        state: 'dead',
        attempts: 1,
        lastAttempt: { error: 'HTTP 410' },
      });
      expect(await queue.add(delivery(1))).toBe('settled');
    });

    it('hurries when the receiver is back', async () => {
      const queue = open();
      let up = false;
      const worker = new ScriptedWorker(() => (up ? delivered : refused(3_600_000)));
      queue.work(worker, 4);
      await queue.add(delivery(1));
      await worker.until(({ attempts }) => attempts.length === 1);
      up = true;
      // The attempt may not have been booked yet.
      while ((await queue.find(delivery(1).id))?.state !== 'retrying') await new Promise(setImmediate);
      await queue.hurry();
      await worker.until(({ settledIds }) => settledIds.length === 1);
    });

    it('carries out no more at once than it may', async () => {
      const queue = open();
      let release: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      const worker = new ScriptedWorker(() => gate.then(() => delivered));
      queue.work(worker, 2);
      for (const n of [1, 2, 3]) await queue.add(delivery(n));
      await worker.until(({ attempts }) => attempts.length === 2);
      expect(worker.attempts).toHaveLength(2);
      release();
      await worker.until(({ settledIds }) => settledIds.length === 3);
    });

    it('lists newest first, each webhook its own', async () => {
      const queue = open();
      for (const n of [1, 2, 3]) await queue.add(delivery(n));
      expect((await queue.list()).map(({ id }) => id)).toEqual([3, 2, 1].map((n) => delivery(n).id));
      expect(await open('whk_b').list()).toEqual([]);
    });

    it('forgets everything when it is cleared', async () => {
      const queue = open();
      await queue.add(delivery(1));
      opened = opened.filter((one) => one !== queue);
      await queue.clear();
      expect(await open().list()).toEqual([]);
    });

    it('leaves the rest to whoever works on', async () => {
      if (!harness.outlivesProcess) return;
      const first = open();
      const failing = new ScriptedWorker(() => refused(3_600_000));
      first.work(failing, 1);
      await first.add(delivery(1));
      await failing.until(({ attempts }) => attempts.length === 1);
      opened = [];
      await first.close();
      const second = open();
      expect(await second.add(delivery(1))).toBe('open');
      const worker = new ScriptedWorker(() => delivered);
      second.work(worker, 1);
      await second.hurry();
      await worker.until(({ settledIds }) => settledIds.length === 1);
      expect(worker.attempts).toEqual([[delivery(1).id, 2]]);
    });
  });
}
