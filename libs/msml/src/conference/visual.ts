import { anyText, flag } from '../schema/datatype';
import { nonNegativeInteger, priority, regionPosition, relativeSize } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** How video is shown (§8.7.2); `visual` tailors it to one stream. */
export interface VisualAttributes extends Extensible {
  /** Pixels, or per cent of the root window. */
  left?: string;
  top?: string;
  /** A fraction of the root window, "1/3". */
  relativesize?: string;
  /** 0 to 1; lower is in front, 0 switches it off. */
  priority?: string;
  title?: string;
  titletextcolor?: string;
  titlebackgroundcolor?: string;
  bordercolor?: string;
  /** Pixels. */
  borderwidth?: string;
  /** URI of an image. */
  logo?: string;
  freeze?: boolean;
  blank?: boolean;
}

export const visualFields = {
  left: optional(regionPosition),
  top: optional(regionPosition),
  relativesize: optional(relativeSize),
  priority: optional(priority),
  title: optional(anyText),
  titletextcolor: optional(anyText),
  titlebackgroundcolor: optional(anyText),
  bordercolor: optional(anyText),
  borderwidth: optional(nonNegativeInteger),
  logo: optional(anyText),
  freeze: optional(flag),
  blank: optional(flag),
} as const;

/** Display of one stream (§8.12.2.1). */
export interface StreamVisual extends VisualAttributes {
  id?: string;
}

export const visual = defineElement<StreamVisual>('visual', '8.12.2.1', {
  id: optional(anyText),
  ...visualFields,
});
