import { flag } from '../schema/datatype';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Which tones are taken out of a stream (§8.12.1.2); the RFC's schema calls `tone` "tones", both are read. */
export interface StreamClamp extends Extensible {
  dtmf?: boolean;
  tone?: boolean;
}

export const clamp = defineElement<StreamClamp>('clamp', '8.12.1.2', {
  dtmf: optional(flag),
  tone: optional(flag, { aliases: ['tones'] }),
});
