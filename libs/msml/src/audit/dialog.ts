import { textChild } from '../schema/content';
import { anyText } from '../schema/datatype';
import { instanceName, nonNegativeInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { connectionId, dialogLanguage } from '../schema/identifier-types';

/** A dialog that runs (§10.4.2). */
export interface AuditedDialog extends Extensible {
  name: string;
  src?: string;
  /** Mandatory in the RFC's text, absent in its examples. */
  type?: string;
  /** Seconds. */
  duration?: string;
  /** play, dtmf, collect, dtmfgen, tonegen, record or none. */
  primitive?: string;
  /** The connection whose SIP dialog started it. */
  controller?: string;
}

export const dialog = defineElement<AuditedDialog>('dialog', '10.4.2', {
  name: mandatory(instanceName),
  src: optional(anyText),
  type: optional(dialogLanguage),
  duration: textChild('duration', nonNegativeInteger),
  primitive: textChild('primitive', anyText),
  controller: textChild('controller', connectionId),
});
