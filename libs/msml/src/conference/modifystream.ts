import { children } from '../schema/content';
import { markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { wildcardId } from '../schema/identifier-types';
import { checkOneWildcard } from './one-wildcard';
import type { MsmlStream } from './stream';
import { MAX_STREAMS, stream } from './stream';

/** Changes properties of streams between two objects; what is not named stays (§8.9). */
export interface MsmlModifyStream extends Extensible {
  element: 'modifystream';
  /** One of the two may be a wildcard. */
  id1: string;
  id2: string;
  streams?: MsmlStream[];
  mark?: string;
}

export const modifystream = defineElement<MsmlModifyStream>(
  'modifystream',
  '8.9',
  {
    id1: mandatory(wildcardId),
    id2: mandatory(wildcardId),
    mark: optional(markToken),
    streams: children(stream, { least: 1, most: MAX_STREAMS }),
  },
  { check: (value, context) => checkOneWildcard({ ...value, element: 'modifystream' }, context) },
);
