import { iterations } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { actionContent } from './actions';

/** A grammar matched (§9.10.1.2). */
export interface GrammarMatch extends Extensible {
  /** How often before the primitive ends; once when absent. */
  iterate?: string;
  content: MomlAction[];
}

export const match = defineElement<GrammarMatch>('match', '9.10.1.2', {
  iterate: optional(iterations),
  content: actionContent(),
});
