import { silentLog } from '@legato/kernel';
import { RedisServer } from '@legato/testing';
import { BullmqDeliveryQueue } from '../../apps/control-plane/src/webhooks/bullmq-delivery-queue';
import { describeDeliveryQueue } from './support/delivery-queue-contract';

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.stop());

describeDeliveryQueue('in Redis', () =>
  Promise.resolve({
    open: (webhookId: string) => new BullmqDeliveryQueue({ url: server.url, webhookId, log: silentLog }),
    outlivesProcess: true,
    async close() {
      const immortal = (await server.keys()).filter(({ ttlMs }) => ttlMs <= 0);
      await server.command('FLUSHALL');
      expect(immortal).toEqual([]);
    },
  }),
);
