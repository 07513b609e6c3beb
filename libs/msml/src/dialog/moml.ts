import { mixture } from '../schema/content';
import { momlId } from '../schema/datatypes';
import { oneOf } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';
import type { DialogStep } from './dialog-body';
import { dialogBodyDefinitions } from './dialog-body';

/** The root of a script that a dialog is started from by reference (§9.7.6). */
export interface MomlScript extends Extensible {
  element: 'moml';
  version: '1.0';
  id: string;
  content: DialogStep[];
}

export const moml = defineElement<MomlScript>('moml', '9.7.6', {
  version: mandatory(oneOf('1.0')),
  id: mandatory(momlId),
  content: mixture(() => dialogBodyDefinitions, { least: 1, always: true, open: true }),
});
