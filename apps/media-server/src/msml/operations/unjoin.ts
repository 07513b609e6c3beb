import type { MsmlUnjoin } from '@legato/msml';
import { removeStream } from '../../conferences/participants';
import type { Executor } from '../executor';
import { halvesOf, pairsOf } from './streams-of';

/** Ends streams between two objects (RFC 5707 §8.10): those that are named, or all. What a stream holds is ignored. */
export const unjoin: Executor<MsmlUnjoin> = {
  execute(operation, { context }) {
    const pairs = pairsOf(context, operation);
    if ('response' in pairs) return pairs;
    const audio = operation.streams?.filter(({ media }) => media === 'audio');
    for (const [id1, id2] of pairs) {
      for (const { from, to } of halvesOf(id1, id2, audio)) {
        for (const stream of [context.streams.find(from, to), context.streams.findMonitor(from, to)])
          if (stream) removeStream(context, stream);
      }
    }
    return undefined;
  },
};
