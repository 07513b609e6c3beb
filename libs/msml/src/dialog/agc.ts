import { maximumGain, momlId, targetLevel } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** Automatic gain control inside a dialog (§9.9.3). */
export interface MomlAgc extends Extensible {
  element: 'agc';
  id?: string;
  /** dBm0, -40 to 0. */
  tgtlvl: string;
  /** dB, 0 to 40; 10 when absent. */
  maxgain?: string;
}

export const agc = defineElement<MomlAgc>('agc', '9.9.3', {
  id: optional(momlId),
  tgtlvl: mandatory(targetLevel),
  maxgain: optional(maximumGain),
});
