import { positiveDuration } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';

/** Silence between tones (§9.7.3.2). */
export interface ToneSilence extends Extensible {
  duration: string;
}

export const silence = defineElement<ToneSilence>('silence', '9.7.3.2', {
  duration: mandatory(positiveDuration),
});
