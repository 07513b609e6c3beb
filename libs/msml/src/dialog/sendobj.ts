import { anyText } from '../schema/datatype';
import { faxTerminalId, positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** Pages to send (§9.12.1.1). */
export interface FaxSendObject extends Extensible {
  objuri: string;
  startpage?: string;
  pagecount?: string;
  /** In a poll: the terminal that gets them (§9.12.2.2). */
  rmtid?: string;
}

export const sendobj = defineElement<FaxSendObject>('sendobj', '9.12.1.1', {
  objuri: mandatory(anyText),
  startpage: optional(positiveInteger),
  pagecount: optional(positiveInteger),
  rmtid: optional(faxTerminalId),
});
