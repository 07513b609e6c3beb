import { children } from '../schema/content';
import { flag } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { ReservedResource } from './resource';
import { resource } from './resource';

/** What a conference wants to be sure of (§8.3.1); unless `required` is false, its lack refuses the conference with 520. */
export interface Reserve extends Extensible {
  required?: boolean;
  resource?: ReservedResource[];
}

export const reserve = defineElement<Reserve>('reserve', '8.3.1', {
  required: optional(flag),
  resource: children(resource, { least: 1 }),
});
