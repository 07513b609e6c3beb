import { anyText } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Ends the whole dialog (§9.6.4); the named shadow variables come back with its exit. */
export interface DialogExit extends Extensible {
  element: 'exit';
  namelist?: string;
}

export const exit = defineElement<DialogExit>('exit', '9.6.4', { namelist: optional(anyText) });
