import { child } from '../schema/content';
import { anyText } from '../schema/datatype';
import { positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { ActiveSpeakerNotification } from './asn';
import { asn } from './asn';
import type { NLoudest } from './n-loudest';
import { nLoudest } from './n-loudest';

/** The audio mixer of a conference (§8.6). */
export interface AudioMix extends Extensible {
  id?: string;
  /** Hertz; 8000 when absent. */
  samplerate?: string;
  asn?: ActiveSpeakerNotification;
  'n-loudest'?: NLoudest;
}

export const audiomix = defineElement<AudioMix>('audiomix', '8.6', {
  id: optional(anyText),
  samplerate: optional(positiveInteger),
  asn: child(asn),
  'n-loudest': child(nLoudest),
});
