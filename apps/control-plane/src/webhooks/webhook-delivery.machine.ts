import type { MachineTable } from '@legato/kernel';

/** As clients see a delivery; `dead` is one that was given up. */
export type DeliveryState = 'queued' | 'sending' | 'retrying' | 'delivered' | 'dead';

export type DeliveryTrigger =
  | 'picked up'
  /** 2xx */
  | 'accepted'
  /** No response in time, or one that is neither 2xx nor 410. */
  | 'refused'
  /** 410: the receiver wants no more. */
  | 'gone'
  /** Refused for the last time. */
  | 'refused at last'
  /** The process died while it was sent. */
  | 'interrupted';

export type DeliveryAction = 'send request' | 'wait for back-off' | 'go on with subject' | 'disable webhook';

/** The life of one event on its way to one webhook. */
export const webhookDeliveryMachine: MachineTable<DeliveryState, DeliveryTrigger, DeliveryAction> = {
  queued: {
    'picked up': { to: 'sending', do: ['send request'] },
  },
  sending: {
    accepted: { to: 'delivered', do: ['go on with subject'] },
    refused: { to: 'retrying', do: ['wait for back-off'] },
    'refused at last': { to: 'dead', do: ['go on with subject'] },
    gone: { to: 'dead', do: ['disable webhook', 'go on with subject'] },
    interrupted: { to: 'queued', do: [] },
  },
  retrying: {
    'picked up': { to: 'sending', do: ['send request'] },
  },
  delivered: {},
  dead: {},
};
