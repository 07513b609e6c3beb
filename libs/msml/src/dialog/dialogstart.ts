import { mixture } from '../schema/content';
import { anyText } from '../schema/datatype';
import { instanceName, markToken } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { dialogLanguage, independentId } from '../schema/identifier-types';
import type { DialogStep } from './dialog-body';
import { dialogBodyDefinitions } from './dialog-body';
import type { MomlScript } from './moml';
import { moml } from './moml';

/** What a dialog is made of: its steps, or one stand-alone script. */
export type MomlElement = DialogStep | MomlScript;

/** Starts a dialog on a connection or conference (§9.6.1): from its content, or from the document at `src`. */
export interface MsmlDialogStart extends Extensible {
  element: 'dialogstart';
  target: string;
  /** "application/moml+xml" when absent from one with content; without it, `src` is answered 408. */
  type?: string;
  name?: string;
  src?: string;
  mark?: string;
  content: MomlElement[];
}

const check: ElementCheck<MsmlDialogStart> = ({ type, src, content }, context) => {
  const inline = content.length > 0;
  if (src !== undefined && inline) context.fail('422', 'dialogstart has src and content');
  if (src !== undefined && type === undefined) context.fail('408', 'dialogstart with src wants type');
  if (src === undefined && !inline) context.fail('403', 'dialogstart wants src or content');
  if (content.length > 1 && content.some(({ element }) => element === 'moml')) {
    context.fail('404', 'moml is alone in dialogstart');
  }
};

export const dialogstart = defineElement<MsmlDialogStart>(
  'dialogstart',
  '9.6.1',
  {
    target: mandatory(independentId),
    type: optional(dialogLanguage),
    name: optional(instanceName),
    src: optional(anyText),
    mark: optional(markToken),
    content: mixture(() => [...dialogBodyDefinitions, moml], { always: true, open: true }),
  },
  { check },
);
