import { children } from '../schema/content';
import { markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { wildcardId } from '../schema/identifier-types';
import { checkOneWildcard } from './one-wildcard';
import type { MsmlStream } from './stream';
import { MAX_STREAMS, stream } from './stream';

/** Ends streams between two objects (§8.10); without `streams`, all of them. What a stream holds is to be ignored. */
export interface MsmlUnjoin extends Extensible {
  element: 'unjoin';
  /** One of the two may be a wildcard. */
  id1: string;
  id2: string;
  streams?: MsmlStream[];
  mark?: string;
}

export const unjoin = defineElement<MsmlUnjoin>(
  'unjoin',
  '8.10',
  {
    id1: mandatory(wildcardId),
    id2: mandatory(wildcardId),
    mark: optional(markToken),
    streams: children(stream, { most: MAX_STREAMS }),
  },
  { check: (value, context) => checkOneWildcard({ ...value, element: 'unjoin' }, context) },
);
