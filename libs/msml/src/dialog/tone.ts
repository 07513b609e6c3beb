import { child, mixture } from '../schema/content';
import { dbm0, frequency, iterations, positiveDuration } from '../schema/datatypes';
import type { ElementCheck, ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { ToneSilence } from './silence';
import { silence } from './silence';

/** A sine wave. */
export interface ToneFrequency extends Extensible {
  /** Hertz. */
  freq: string;
  /** dBm0, 0 to -96. */
  atten: string;
}

const frequencyNamed = (name: string): ElementDefinition<ToneFrequency> =>
  defineElement<ToneFrequency>(name, '9.7.3.1', { freq: mandatory(frequency), atten: mandatory(dbm0) });

export const tone1 = frequencyNamed('tone1');
export const tone2 = frequencyNamed('tone2');

/** One or two sine waves together (§9.7.3.1). */
export interface Tone extends Extensible {
  /** In steps of 10 ms; 0 is without end. */
  duration: string;
  iterate?: string;
  tone1?: ToneFrequency;
  tone2?: ToneFrequency;
  silence?: ({ element: 'silence' } & ToneSilence)[];
}

const check: ElementCheck<Tone> = (value, context) => {
  if (!value.tone1 && !value.tone2) context.fail('403', 'tone wants tone1 or tone2');
};

export const tone = defineElement<Tone>(
  'tone',
  '9.7.3.1',
  {
    duration: mandatory(positiveDuration),
    iterate: optional(iterations),
    tone1: child(tone1),
    tone2: child(tone2),
    silence: mixture(() => [silence]),
  },
  { check },
);
