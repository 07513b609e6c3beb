import { dbm0, dtmfDigits, momlId, positiveDuration } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import { dtmfgenexit } from './dtmfgenexit';

/** Generates digits (§9.7.2). */
export interface MomlDtmfGen extends Extensible {
  element: 'dtmfgen';
  id?: string;
  /** 0-9 A-D * # */
  digits: string;
  /** dBm0; -6 when absent. */
  level?: string;
  /** Of a digit and of the pause after it; 100 ms when absent. */
  dur?: string;
  interval?: string;
  dtmfgenexit?: MomlAction[];
}

export const dtmfgen = defineElement<MomlDtmfGen>('dtmfgen', '9.7.2', {
  id: optional(momlId),
  digits: mandatory(dtmfDigits),
  level: optional(dbm0),
  dur: optional(positiveDuration),
  interval: optional(positiveDuration),
  dtmfgenexit: handler(dtmfgenexit),
});
