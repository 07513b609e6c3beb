import { anyText, oneOf } from '../schema/datatype';
import { iterations } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { MomlAction } from './actions';
import { actionContent } from './actions';
import { parseDigitPattern } from './digit-pattern.parser';

/** Digits that are waited for (§9.7.5.2) and what is done when they came. */
export interface CollectPattern extends Extensible {
  digits: string;
  /** "moml+digits" when absent: see parseDigitPattern. */
  format?: 'mgcp' | 'megaco' | 'moml+digits';
  /** How often it has to match before the collection ends. */
  iterate?: string;
  content: MomlAction[];
}

const check: ElementCheck<CollectPattern> = ({ digits, format = 'moml+digits' }, context) => {
  const parsed = parseDigitPattern(digits, format);
  if (!parsed.ok) context.fail('410', `pattern digits: ${parsed.error}`);
};

export const pattern = defineElement<CollectPattern>(
  'pattern',
  '9.7.5.2',
  {
    digits: mandatory(anyText),
    format: optional(oneOf('mgcp', 'megaco', 'moml+digits')),
    iterate: optional(iterations),
    content: actionContent(),
  },
  { check },
);
