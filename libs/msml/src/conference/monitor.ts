import { flag } from '../schema/datatype';
import { markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { joinableId, monitoredId } from '../schema/identifier-types';

/** Copies what a connection hears to another object (§8.11). */
export interface MsmlMonitor extends Extensible {
  element: 'monitor';
  /** The connection that is listened to. */
  id1: string;
  id2: string;
  compressed?: boolean;
  mark?: string;
}

export const monitor = defineElement<MsmlMonitor>('monitor', '8.11', {
  id1: mandatory(monitoredId),
  id2: mandatory(joinableId),
  compressed: optional(flag),
  mark: optional(markToken),
});
