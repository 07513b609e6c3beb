import { dbm0, positiveDuration } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';

/** Active speaker notification (§8.6.2). */
export interface ActiveSpeakerNotification extends Extensible {
  /** Least time between two reports; 0 switches them off. */
  ri?: string;
  /** dBm0 above which a participant speaks; -96 when absent. */
  asth?: string;
}

export const asn = defineElement<ActiveSpeakerNotification>('asn', '8.6.2', {
  ri: optional(positiveDuration),
  asth: optional(dbm0),
});
