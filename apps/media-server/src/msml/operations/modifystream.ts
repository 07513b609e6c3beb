import type { MsmlModifyStream, MsmlStream } from '@legato/msml';
import type { ControlContext } from '../../objects/control-context';
import type { AudioStream, StreamProperties } from '../../objects/stream-graph';
import type { Executor } from '../executor';
import { refuse } from '../refusal';
import { checkStreams, halvesOf, pairsOf, refuseVideo } from './streams-of';

type Change = readonly [AudioStream, StreamProperties];

/** Only what goes into a conference can be preferred (RFC 5707 §8.12.1). */
const fits = (
  context: ControlContext,
  streams: readonly MsmlStream[] | undefined,
  changes: readonly Change[],
): boolean =>
  !streams?.some(({ preferred }) => preferred !== undefined) ||
  changes.some(([{ to }, { preferred }]) => preferred !== undefined && context.conferences.has(to));

/** Changes the properties that are named, of the directions that are named (RFC 5707 §8.9). */
export const modifystream: Executor<MsmlModifyStream> = {
  check: ({ streams }) =>
    streams?.length ? checkStreams(streams) : refuse('403', 'modifystream wants stream'),

  execute(operation, { context }) {
    const pairs = pairsOf(context, operation);
    if ('response' in pairs) return pairs;
    const video = refuseVideo(operation.streams);
    if (video) return video;
    const changes: Change[] = [];
    for (const [id1, id2] of pairs) {
      for (const { from, to, properties } of halvesOf(id1, id2, operation.streams)) {
        const stream = context.streams.find(from, to);
        if (stream) changes.push([stream, properties]);
      }
    }
    const named = !operation.id1.endsWith('*') && !operation.id2.endsWith('*');
    if (named && changes.length === 0)
      return refuse('430', `no stream between ${operation.id1} and ${operation.id2}`);
    if (changes.length > 0 && !fits(context, operation.streams, changes))
      return refuse('409', 'preferred is for a stream into a conference');
    for (const [stream, properties] of changes) context.streams.modify(stream, properties);
    return undefined;
  },
};
