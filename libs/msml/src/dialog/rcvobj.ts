import { anyText } from '../schema/datatype';
import { positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** Where received pages go (§9.12.2.1). */
export interface FaxReceiveObject extends Extensible {
  objuri: string;
  maxpages?: string;
}

export const rcvobj = defineElement<FaxReceiveObject>('rcvobj', '9.12.2.1', {
  objuri: mandatory(anyText),
  maxpages: optional(positiveInteger),
});
