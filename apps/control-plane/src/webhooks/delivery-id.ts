const EVENT = 'evt_';

/** The delivery of an event to a webhook has the id of the event, so that queueing it twice makes one. */
export const deliveryIdOf = (eventId: string): string =>
  `dlv_${eventId.startsWith(EVENT) ? eventId.slice(EVENT.length) : eventId}`;
