import { child } from '../schema/content';
import { flag } from '../schema/datatype';
import { deleteWhen, instanceName, markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { AudioMix } from './audiomix';
import { audiomix } from './audiomix';
import type { Reserve } from './reserve';
import { reserve } from './reserve';
import type { VideoLayout } from './videolayout';
import { videolayout } from './videolayout';

/** Makes a conference (§8.3); without a mixer it has one for audio. */
export interface MsmlCreateConference extends Extensible {
  element: 'createconference';
  /** Globally unique; the server makes one up when absent. */
  name?: string;
  /** "nomedia" when absent. */
  deletewhen?: 'nomedia' | 'nocontrol' | 'never';
  /** Whether deleting it ends the SIP dialogs of its participants; true when absent. */
  term?: boolean;
  reserve?: Reserve;
  audiomix?: AudioMix;
  videolayout?: VideoLayout;
  mark?: string;
}

export const createconference = defineElement<MsmlCreateConference>('createconference', '8.3', {
  name: optional(instanceName),
  deletewhen: optional(deleteWhen),
  term: optional(flag),
  mark: optional(markToken),
  reserve: child(reserve),
  audiomix: child(audiomix),
  videolayout: child(videolayout),
});
