import { decibels, momlId } from '../schema/datatypes';
import { integer } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** Changes loudness inside a dialog (§9.9.2). */
export interface MomlGain extends Extensible {
  element: 'gain';
  id?: string;
  /** dB of a step of "louder" and "softer"; 3 when absent. */
  incr?: string;
  /** dB, -96 to 96. */
  amt: string;
}

export const gain = defineElement<MomlGain>('gain', '9.9.2', {
  id: optional(momlId),
  incr: optional(integer(1, 96)),
  amt: mandatory(decibels),
});
