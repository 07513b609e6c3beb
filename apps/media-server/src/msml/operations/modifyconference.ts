import type { MsmlModifyConference } from '@legato/msml';
import { checkAudioMix, checkVideo } from '../../conferences/check-mixers';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

/** Replaces each feature that is named, wholly, and leaves the others (RFC 5707 §8.4); all of it or nothing. */
export const modifyconference: Executor<MsmlModifyConference> = {
  check: ({ audiomix, videolayout }) => checkVideo(videolayout) ?? checkAudioMix(audiomix),

  execute({ id, audiomix }, { context }) {
    const conference = context.conferences.get(id);
    if (!conference) return refuse('430', id);
    if (audiomix) conference.audiomix = { ...conference.audiomix, ...audiomix };
    return undefined;
  },
};
