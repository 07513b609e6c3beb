import { child } from '../schema/content';
import { markToken } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { conferenceId } from '../schema/identifier-types';
import type { AudioMix } from './audiomix';
import { audiomix } from './audiomix';
import type { VideoLayout } from './videolayout';
import { videolayout } from './videolayout';

/** Replaces each feature that is named, wholly, and leaves the others (§8.4); all of it or none. */
export interface MsmlModifyConference extends Extensible {
  element: 'modifyconference';
  id: string;
  audiomix?: AudioMix;
  videolayout?: VideoLayout;
  mark?: string;
}

export const modifyconference = defineElement<MsmlModifyConference>('modifyconference', '8.4', {
  id: mandatory(conferenceId),
  mark: optional(markToken),
  audiomix: child(audiomix),
  videolayout: child(videolayout),
});
