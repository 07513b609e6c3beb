import type { MsmlStream } from '@legato/msml';
import type { ControlContext } from '../../objects/control-context';
import type { StreamProperties } from '../../objects/stream-graph';
import type { Refusal } from '../refusal';
import { firstRefusal, refuse } from '../refusal';

/** One direction that a `stream` element means. */
export interface Half {
  readonly from: string;
  readonly to: string;
  readonly properties: StreamProperties;
}

/** The directions that `streams` mean between two objects, relative to id1; without any, audio both ways (RFC 5707 §8.8, §8.12). */
export function halvesOf(
  id1: string,
  id2: string,
  streams: readonly MsmlStream[] = [{ media: 'audio' }],
): Half[] {
  return streams.flatMap(({ dir, preferred, gain, clamp }) => {
    const properties = {
      ...(preferred === undefined ? {} : { preferred }),
      ...(gain === undefined ? {} : { gain }),
      ...(clamp === undefined ? {} : { clamp }),
    };
    const forth = { from: id1, to: id2, properties };
    const back = { from: id2, to: id1, properties };
    if (dir === undefined) return [forth, back];
    return [dir === 'from-id1' ? forth : back];
  });
}

function checkStream({ compressed, visual }: MsmlStream): Refusal | undefined {
  if (compressed) return refuse('450', 'streams are not compressed here');
  return visual ? refuse('402', 'visual') : undefined;
}

/** What can not be done with a stream here. */
export const checkStreams = (streams: readonly MsmlStream[] | undefined): Refusal | undefined =>
  firstRefusal(streams ?? [], checkStream);

/** Video is for objects that have it, and none here has (§8.2). */
export const refuseVideo = (streams: readonly MsmlStream[] | undefined): Refusal | undefined =>
  streams?.some(({ media }) => media === 'video') ? refuse('441', 'there is no video here') : undefined;

const isWild = (id: string): boolean => id.endsWith(':*');

/** The objects that an identifier names, the wildcard among them; 430 for one that is not there. */
export function objectsOf(context: ControlContext, id: string): readonly string[] | Refusal {
  if (!isWild(id)) return context.target(id) ? [id] : refuse('430', id);
  return [...(id === 'conn:*' ? context.connections : context.conferences).keys()];
}

/** The pairs of objects that two identifiers mean, of which one may be a wildcard (§8.9, §8.10). */
export function pairsOf(
  context: ControlContext,
  { id1, id2 }: { readonly id1: string; readonly id2: string },
): readonly (readonly [string, string])[] | Refusal {
  const firsts = objectsOf(context, id1);
  if ('response' in firsts) return firsts;
  const seconds = objectsOf(context, id2);
  if ('response' in seconds) return seconds;
  return firsts.flatMap((first) =>
    seconds.filter((second) => second !== first).map((second) => [first, second] as const),
  );
}
