import { anyText } from '../schema/datatype';
import { momlEventName, momlId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/**
 * Sends an event from a dialog (§9.6.3): to a primitive, to the group, or with target "source" as an MSML event to the
 * client. `namelist` names shadow variables, separated by white space.
 */
export interface DialogSend extends Extensible {
  element: 'send';
  event: string;
  target: string;
  namelist?: string;
}

export const send = defineElement<DialogSend>('send', '9.6.3', {
  event: mandatory(momlEventName),
  target: mandatory(momlId),
  namelist: optional(anyText, { aliases: ['valuelist'] }),
});
