import type { MsmlMonitor } from '@legato/msml';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

/** Copies what a connection hears to another connection or a conference (RFC 5707 §8.11); unjoin ends it. */
export const monitor: Executor<MsmlMonitor> = {
  check: ({ id1, id2 }) => (id1 === id2 ? refuse('410', 'monitor of an object by itself') : undefined),

  execute({ id1, id2, compressed }, { context }) {
    const monitored = context.connections.get(id1);
    if (!monitored) return refuse('430', id1);
    if (!context.target(id2)) return refuse('430', id2);
    const listener = context.connections.get(id2);
    // What is copied is coded for the listener; in the same format that is the same.
    const sameFormat = listener !== undefined && listener.format === monitored.format;
    if (compressed && !sameFormat)
      return refuse('450', 'monitor compressed wants a connection of the same format');
    context.streams.monitor(id1, id2);
    return undefined;
  },
};
