import { flag } from '../schema/datatype';
import { maximumGain, momlId, streamGainAmount, targetLevel } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** The loudness of a stream (§8.12.1.1): a fixed amount, a mute, or automatic gain control. */
export interface StreamGain extends Extensible {
  id?: string;
  /** Decibels, "mute", or "unmute" where the server knows it. */
  amt?: string;
  agc?: boolean;
  /** dBm0; with `agc` only. */
  tgtlvl?: string;
  /** dB, 10 when absent; with `agc` only. */
  maxgain?: string;
}

const check: ElementCheck<StreamGain> = ({ amt, agc, tgtlvl, maxgain }, context) => {
  if (amt !== undefined && agc !== undefined) context.fail('409', 'gain has amt and agc');
  if (agc === undefined && (tgtlvl ?? maxgain) !== undefined) {
    context.fail('409', 'gain has tgtlvl or maxgain without agc');
  }
  if (agc && tgtlvl === undefined) context.fail('408', 'gain with agc wants tgtlvl');
};

export const gain = defineElement<StreamGain>(
  'gain',
  '8.12.1.1',
  {
    id: optional(momlId),
    amt: optional(streamGainAmount),
    agc: optional(flag),
    tgtlvl: optional(targetLevel),
    maxgain: optional(maximumGain),
  },
  { check },
);
