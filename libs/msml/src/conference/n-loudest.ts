import { positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';

/** Only the `n` loudest participants are mixed (§8.6.1). */
export interface NLoudest extends Extensible {
  n: string;
}

export const nLoudest = defineElement<NLoudest>('n-loudest', '8.6.1', { n: mandatory(positiveInteger) });
