import { rawContent } from '../schema/content';
import { oneOf } from '../schema/datatype';
import { positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { XmlNode } from '../xml/xml-element';

/** Resources to set aside (§8.3.1.1), described by whatever elements use them. */
export interface ReservedResource extends Extensible {
  /** How many; 1 when absent. */
  n?: string;
  /** A set for each participant, or one that all share. */
  type?: 'individual' | 'shared';
  content?: XmlNode[];
}

export const resource = defineElement<ReservedResource>('resource', '8.3.1.1', {
  n: optional(positiveInteger),
  type: optional(oneOf('individual', 'shared')),
  content: rawContent(),
});
