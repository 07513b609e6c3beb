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

/** Ends a conference (§8.5), or only the mixers that are named. */
export interface MsmlDestroyConference extends Extensible {
  element: 'destroyconference';
  id: string;
  audiomix?: AudioMix;
  videolayout?: VideoLayout;
  mark?: string;
}

export const destroyconference = defineElement<MsmlDestroyConference>('destroyconference', '8.5', {
  id: mandatory(conferenceId),
  mark: optional(markToken),
  audiomix: child(audiomix),
  videolayout: child(videolayout),
});
