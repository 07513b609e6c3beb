import { mixture } from '../schema/content';
import { anyText, flag, oneOf } from '../schema/datatype';
import { positiveDuration } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { LayoutRegion } from './region';
import { region } from './region';
import type { LayoutRoot } from './root';
import { root } from './root';

/** Switches between streams in a window or region (§8.7.3): by voice ("vas", §8.7.3.1) or in turn. */
export interface LayoutSelector extends Extensible {
  id: string;
  method: 'vas' | 'sequence';
  status?: 'active' | 'disabled';
  blankothers?: boolean;
  /** Least time between two switches; 1 s when absent. */
  si?: string;
  speakersees?: 'current' | 'previous';
  content?: (({ element: 'root' } & LayoutRoot) | ({ element: 'region' } & LayoutRegion))[];
}

export const selector = defineElement<LayoutSelector>('selector', '8.7.3', {
  id: mandatory(anyText),
  method: mandatory(oneOf('vas', 'sequence')),
  status: optional(oneOf('active', 'disabled')),
  blankothers: optional(flag),
  si: optional(positiveDuration),
  speakersees: optional(oneOf('current', 'previous')),
  content: mixture(() => [root, region]),
});
