import { mixture } from '../schema/content';
import { anyText } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { LayoutRegion } from './region';
import { region } from './region';
import type { LayoutRoot } from './root';
import { root } from './root';
import type { LayoutSelector } from './selector';
import { selector } from './selector';

/** The video mixer of a conference (§8.7): root window, regions and selectors in any mix. */
export interface VideoLayout extends Extensible {
  /** "text/msml-basic-layout" when absent. */
  type?: string;
  id?: string;
  content?: (
    | ({ element: 'root' } & LayoutRoot)
    | ({ element: 'region' } & LayoutRegion)
    | ({ element: 'selector' } & LayoutSelector)
  )[];
}

export const videolayout = defineElement<VideoLayout>('videolayout', '8.7', {
  type: optional(anyText),
  id: optional(anyText),
  content: mixture(() => [root, region, selector]),
});
