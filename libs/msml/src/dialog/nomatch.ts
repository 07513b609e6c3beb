import { iterations } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { actionContent } from './actions';

/** What was keyed or said is no match (§9.7.5.5, §9.10.1.4). */
export interface NoMatch extends Extensible {
  /** How often before the primitive ends; once when absent. */
  iterate?: string;
  content: MomlAction[];
}

export const nomatch = defineElement<NoMatch>('nomatch', '9.7.5.5', {
  iterate: optional(iterations),
  content: actionContent(),
});
