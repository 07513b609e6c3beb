import { children } from '../schema/content';
import { markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { joinableId } from '../schema/identifier-types';
import type { MsmlStream } from './stream';
import { MAX_STREAMS, stream } from './stream';

/** Lets media flow between two connections or conferences (§8.8); without `streams`, audio in both directions. */
export interface MsmlJoin extends Extensible {
  element: 'join';
  id1: string;
  id2: string;
  streams?: MsmlStream[];
  mark?: string;
}

export const join = defineElement<MsmlJoin>('join', '8.8', {
  id1: mandatory(joinableId),
  id2: mandatory(joinableId),
  mark: optional(markToken),
  streams: children(stream, { most: MAX_STREAMS }),
});
