import { mixture } from '../schema/content';
import { iterations, momlId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import type { ToneSilence } from './silence';
import { silence } from './silence';
import type { Tone } from './tone';
import { tone } from './tone';
import { tonegenexit } from './tonegenexit';

/** Generates tones and silence, one after the other (§9.7.3). */
export interface MomlToneGen extends Extensible {
  element: 'tonegen';
  id?: string;
  iterate?: string;
  content: (({ element: 'tone' } & Tone) | ({ element: 'silence' } & ToneSilence))[];
  tonegenexit?: MomlAction[];
}

export const tonegen = defineElement<MomlToneGen>('tonegen', '9.7.3', {
  id: optional(momlId),
  iterate: optional(iterations),
  content: mixture(() => [tone, silence], { least: 1, always: true }),
  tonegenexit: handler(tonegenexit),
});
