import { sampleRate } from '../dialogs/sample-rate';
import type { ControlContext } from '../objects/control-context';
import { mixOf, reportSpeakers } from './audio-mixer';
import type { ConferenceOptions } from './conference';
import { Conference } from './conference';

/** Makes a conference with its mixer (RFC 5707 §8.3). */
export function openConference(context: ControlContext, options: ConferenceOptions): Conference {
  const { id, audiomix } = options;
  context.media.createConference(id, {
    sampleRate: sampleRate(audiomix.samplerate) ?? 8000,
    ...mixOf(audiomix),
  });
  const conference = new Conference(options);
  context.conferences.set(id, conference);
  reportSpeakers(context, conference);
  return conference;
}
