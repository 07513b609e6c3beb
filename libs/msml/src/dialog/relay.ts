import { momlId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Copies media from input to output (§9.9.6). */
export interface MomlRelay extends Extensible {
  element: 'relay';
  id?: string;
}

export const relay = defineElement<MomlRelay>('relay', '9.9.6', { id: optional(momlId) });
