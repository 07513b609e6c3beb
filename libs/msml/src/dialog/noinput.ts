import { iterations } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { actionContent } from './actions';

/** Nothing was keyed or said in time (§9.7.5.4, §9.10.1.3). */
export interface NoInput extends Extensible {
  /** How often before the primitive ends; once when absent. */
  iterate?: string;
  content: MomlAction[];
}

export const noinput = defineElement<NoInput>('noinput', '9.7.5.4', {
  iterate: optional(iterations),
  content: actionContent(),
});
