import { momlId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import { faxdetectexit } from './faxdetectexit';

/** Listens for the tones of a fax machine (§9.11.1). */
export interface MomlFaxDetect extends Extensible {
  element: 'faxdetect';
  id?: string;
  faxdetectexit?: MomlAction[];
}

export const faxdetect = defineElement<MomlFaxDetect>('faxdetect', '9.11.1', {
  id: optional(momlId),
  faxdetectexit: handler(faxdetectexit),
});
