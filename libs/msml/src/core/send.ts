import { eventName, markToken } from '../schema/datatypes';
import { anyText } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { sendTarget } from '../schema/identifier-types';

/** Sends an event to an object of the media server (§7.2); `target` may go on with "/" and a target inside a dialog. */
export interface MsmlSend extends Extensible {
  element: 'send';
  event: string;
  target: string;
  /** Parameters of the event, separated by white space. */
  valuelist?: string;
  mark?: string;
}

export const send = defineElement<MsmlSend>('send', '7.2', {
  event: mandatory(eventName),
  target: mandatory(sendTarget),
  valuelist: optional(anyText),
  mark: optional(markToken),
});
