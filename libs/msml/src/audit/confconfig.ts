import type { AudioMix } from '../conference/audiomix';
import { audiomix } from '../conference/audiomix';
import type { VideoLayout } from '../conference/videolayout';
import { videolayout } from '../conference/videolayout';
import { child, textChild } from '../schema/content';
import { flag } from '../schema/datatype';
import { deleteWhen } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import { connectionId } from '../schema/identifier-types';

/** How a conference is set up (§10.2.2). */
export interface AuditedConference extends Extensible {
  deletewhen?: 'nomedia' | 'nocontrol' | 'never';
  term?: boolean;
  audiomix?: AudioMix;
  videolayout?: VideoLayout;
  /** The connection whose SIP dialog created it. */
  controller?: string;
}

export const confconfig = defineElement<AuditedConference>('confconfig', '10.2.2', {
  deletewhen: optional(deleteWhen),
  term: optional(flag),
  audiomix: child(audiomix),
  videolayout: child(videolayout),
  controller: textChild('controller', connectionId),
});
