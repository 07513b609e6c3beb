import type { MsmlJoin, MsmlStream } from '@legato/msml';
import { addStream } from '../../conferences/participants';
import type { ControlContext } from '../../objects/control-context';
import type { Executor } from '../executor';
import type { Refusal } from '../refusal';
import { firstRefusal, refuse } from '../refusal';
import { checkStreams, halvesOf, refuseVideo } from './streams-of';

/** Only what goes into a conference can be preferred (RFC 5707 §8.12.1). */
function checkPreferred(
  context: ControlContext,
  { id1, id2 }: MsmlJoin,
  stream: MsmlStream,
): Refusal | undefined {
  if (stream.preferred === undefined) return undefined;
  const goesIn = halvesOf(id1, id2, [stream]).some(({ to }) => context.conferences.has(to));
  return goesIn ? undefined : refuse('409', 'preferred is for a stream into a conference');
}

/** Lets audio flow between two connections or conferences (RFC 5707 §8.8); all of its streams or none. */
export const join: Executor<MsmlJoin> = {
  check: ({ id1, id2, streams }) =>
    id1 === id2 ? refuse('410', 'join of an object with itself') : checkStreams(streams),

  execute(operation, { context }) {
    const { id1, id2, streams } = operation;
    const refusal =
      firstRefusal([id1, id2], (id) => (context.target(id) ? undefined : refuse('430', id))) ??
      refuseVideo(streams) ??
      firstRefusal(streams ?? [], (stream) => checkPreferred(context, operation, stream));
    if (refusal) return refusal;
    for (const { from, to, properties } of halvesOf(id1, id2, streams))
      addStream(context, from, to, properties);
    return undefined;
  },
};
