import type { MsmlCreateConference } from '@legato/msml';
import { checkAudioMix, checkVideo } from '../../conferences/check-mixers';
import { Conference } from '../../conferences/conference';
import { sampleRate } from '../../dialogs/sample-rate';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

const NAME_BYTES = 12;

/** Makes a conference (RFC 5707 §8.3). */
export const createconference: Executor<MsmlCreateConference> = {
  check: ({ audiomix, videolayout }) => checkVideo(videolayout) ?? checkAudioMix(audiomix),

  execute(operation, { context, origin, confIds }) {
    if (context.draining) return refuse('510', 'the media server is about to stop');
    const id = `conf:${operation.name ?? context.ids.token(NAME_BYTES)}`;
    if (context.conferences.has(id)) return refuse('432', id);
    context.media.createConference(id, { sampleRate: sampleRate(operation.audiomix?.samplerate) ?? 8000 });
    const conference = new Conference({
      id,
      deletewhen: operation.deletewhen ?? 'nomedia',
      term: operation.term ?? true,
      audiomix: operation.audiomix ?? {},
      origin,
    });
    context.conferences.set(id, conference);
    if (operation.name === undefined) confIds.push(id);
    return undefined;
  },
};
