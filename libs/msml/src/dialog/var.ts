import { anyText, oneOf } from '../schema/datatype';
import { iterations } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** A value that is spoken (§9.7.1.4). */
export interface PlayVariable extends Extensible {
  type: 'date' | 'digits' | 'duration' | 'month' | 'money' | 'number' | 'silence' | 'time' | 'weekday';
  /** How to read `value`, for a date "mdy". */
  subtype?: string;
  value: string;
  iterate?: string;
  'xml:lang'?: string;
}

export const variable = defineElement<PlayVariable>('var', '9.7.1.4', {
  type: mandatory(
    oneOf('date', 'digits', 'duration', 'month', 'money', 'number', 'silence', 'time', 'weekday'),
  ),
  subtype: optional(anyText),
  value: mandatory(anyText),
  iterate: optional(iterations),
  'xml:lang': optional(anyText),
});
