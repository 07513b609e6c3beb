import { children } from '../schema/content';
import { flag } from '../schema/datatype';
import { iterations, momlId, positiveDuration } from '../schema/datatypes';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { MomlAction } from './actions';
import { actionContent } from './actions';

/** A length of voice or silence, or a transition to it (`tvoice`, `tsilence`), and what is done then (§9.9.1). */
export interface VadPattern extends Extensible {
  iterate?: string;
  len: string;
  sen?: string;
  content: MomlAction[];
}

const patternNamed = (name: string): ElementDefinition<VadPattern> =>
  defineElement<VadPattern>(name, '9.9.1', {
    iterate: optional(iterations),
    len: mandatory(positiveDuration),
    sen: optional(positiveDuration),
    content: actionContent(),
  });

export const vadVoice = patternNamed('voice');
export const vadSilence = patternNamed('silence');
export const vadToVoice = patternNamed('tvoice');
export const vadToSilence = patternNamed('tsilence');

/** Detects voice and silence (§9.9.1). */
export interface MomlVad extends Extensible {
  element: 'vad';
  id?: string;
  starttimer?: boolean;
  voice?: VadPattern[];
  silence?: VadPattern[];
  tvoice?: VadPattern[];
  tsilence?: VadPattern[];
}

export const vad = defineElement<MomlVad>('vad', '9.9.1', {
  id: optional(momlId),
  starttimer: optional(flag),
  voice: children(vadVoice),
  silence: children(vadSilence),
  tvoice: children(vadToVoice),
  tsilence: children(vadToSilence),
});
