import { markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { dialogId } from '../schema/identifier-types';

/** Ends a dialog gracefully (§9.6.2): its handlers run, and msml.dialog.exit follows. */
export interface MsmlDialogEnd extends Extensible {
  element: 'dialogend';
  id: string;
  mark?: string;
}

export const dialogend = defineElement<MsmlDialogEnd>('dialogend', '9.6.2', {
  id: mandatory(dialogId),
  mark: optional(markToken),
});
