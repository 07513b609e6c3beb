import { anyText } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import { mandatory } from '../schema/field';
import type { VisualAttributes } from './visual';
import { visualFields } from './visual';

/** A part of the window that shows one or more streams (§8.7.2). */
export interface LayoutRegion extends VisualAttributes {
  id: string;
}

export const region = defineElement<LayoutRegion>('region', '8.7.2', {
  id: mandatory(anyText),
  ...visualFields,
});
