import { anyText } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Ends the dialog and the SIP dialog of its target (§9.6.5). */
export interface DialogDisconnect extends Extensible {
  element: 'disconnect';
  namelist?: string;
}

export const disconnect = defineElement<DialogDisconnect>('disconnect', '9.6.5', {
  namelist: optional(anyText),
});
