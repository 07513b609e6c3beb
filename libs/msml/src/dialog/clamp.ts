import { momlId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Takes DTMF out of the media of a dialog (§9.9.5). */
export interface MomlClamp extends Extensible {
  element: 'clamp';
  id?: string;
}

export const clamp = defineElement<MomlClamp>('clamp', '9.9.5', { id: optional(momlId) });
