import { systemClock } from '@legato/kernel';
import { describeDeliveryQueue } from '../../../../test/e2e/support/delivery-queue-contract';
import { MemoryDeliveryQueue } from './memory-delivery-queue';

describeDeliveryQueue('in memory', () =>
  Promise.resolve({
    open: () => new MemoryDeliveryQueue(systemClock),
    outlivesProcess: false,
    close: () => Promise.resolve(),
  }),
);
