import { textChildren } from '../schema/content';
import { anyText, oneOf } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** A line on every page (§9.12.1.2); a `format` holds text and % codes. */
export interface FaxHeaderFooter extends Extensible {
  type?: 'header' | 'footer' | 'autohdr' | 'nohdr';
  style?: 'append' | 'overlay' | 'replace';
  format: string[];
}

export const hdrfooter = defineElement<FaxHeaderFooter>('hdrfooter', '9.12.1.2', {
  type: optional(oneOf('header', 'footer', 'autohdr', 'nohdr')),
  style: optional(oneOf('append', 'overlay', 'replace')),
  format: textChildren('format', anyText),
});
