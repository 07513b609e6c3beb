import { oneOf } from '../schema/datatype';
import { momlId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Lets media pass or not (§9.9.4). */
export interface MomlGate extends Extensible {
  element: 'gate';
  id?: string;
  /** "pass" when absent. */
  initial?: 'pass' | 'halt';
}

export const gate = defineElement<MomlGate>('gate', '9.9.4', {
  id: optional(momlId),
  initial: optional(oneOf('pass', 'halt')),
});
