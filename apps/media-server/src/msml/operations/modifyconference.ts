import type { MsmlModifyConference } from '@legato/msml';
import { changeMixer } from '../../conferences/audio-mixer';
import { checkAudioMix, checkVideo } from '../../conferences/check-mixers';
import { sampleRate } from '../../dialogs/sample-rate';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

/** Replaces each feature that is named, wholly, and leaves the others (RFC 5707 §8.4); all of it or nothing. */
export const modifyconference: Executor<MsmlModifyConference> = {
  check: ({ audiomix, videolayout }) => checkVideo(videolayout) ?? checkAudioMix(audiomix),

  execute({ id, audiomix }, { context, origin }) {
    const conference = context.conferences.get(id);
    if (!conference) return refuse('430', id);
    if (!audiomix) return undefined;
    const { samplerate } = conference.audiomix ?? {};
    if (sampleRate(audiomix.samplerate ?? samplerate) !== sampleRate(samplerate))
      return refuse('407', 'another samplerate for a conference that exists');
    changeMixer(context, conference, audiomix, origin);
    return undefined;
  },
};
