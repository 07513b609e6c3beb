import type { ElementDefinition } from '../schema/element-definition';
import type { ExtensionElement } from '../schema/extension';
import type { MomlAction } from './actions';
import { actionDefinitions } from './actions';
import type { MomlGroup } from './group';
import { group } from './group';
import type { MomlPrimitive } from './primitives';
import { primitiveDefinitions } from './primitives';

/** A step of a dialog; steps run one after the other, in document order (§9.1). */
export type DialogStep = MomlPrimitive | MomlGroup | MomlAction | ExtensionElement;

/** The definitions of what a dialog can hold. */
export const dialogBodyDefinitions: readonly ElementDefinition[] = [
  ...primitiveDefinitions,
  group,
  ...actionDefinitions,
];
