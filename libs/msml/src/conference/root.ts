import { anyText } from '../schema/datatype';
import { rootSize } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** The window of a video mix (§8.7.1). */
export interface LayoutRoot extends Extensible {
  size?: 'SQCIF' | 'QCIF' | 'CIF' | '4CIF' | '16CIF' | 'VGA' | '720p';
  backgroundcolor?: string;
  /** URI. */
  backgroundimage?: string;
}

export const root = defineElement<LayoutRoot>('root', '8.7.1', {
  size: optional(rootSize),
  backgroundcolor: optional(anyText),
  backgroundimage: optional(anyText),
});
