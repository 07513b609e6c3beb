import { mixture } from '../schema/content';
import { oneOf } from '../schema/datatype';
import { momlId } from '../schema/datatypes';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible, ExtensionElement } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import { groupexit } from './groupexit';
import type { MomlPrimitive } from './primitives';
import { primitiveDefinitions } from './primitives';

/** Primitives that run together (§9.8.1); it ends when all of them have ended. */
export interface MomlGroup extends Extensible {
  element: 'group';
  id?: string;
  topology: 'parallel' | 'serial' | 'fullduplex';
  content: (MomlPrimitive | MomlGroup | ExtensionElement)[];
  groupexit?: MomlAction[];
}

export const group: ElementDefinition<MomlGroup> = defineElement<MomlGroup>('group', '9.8.1', {
  id: optional(momlId),
  topology: mandatory(oneOf('parallel', 'serial', 'fullduplex')),
  content: mixture(() => [...primitiveDefinitions, group], { always: true, open: true }),
  groupexit: handler(groupexit),
});
