import type { MsmlCreateConference } from '@legato/msml';
import { checkAudioMix, checkVideo } from '../../conferences/check-mixers';
import { openConference } from '../../conferences/open-conference';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

const NAME_BYTES = 12;
/** A longer one would not fit into the requests that name it later. */
const MAX_ID_LENGTH = 255;

/** Makes a conference (RFC 5707 §8.3). */
export const createconference: Executor<MsmlCreateConference> = {
  check: ({ audiomix, videolayout }) => checkVideo(videolayout) ?? checkAudioMix(audiomix),

  execute(operation, { context, origin, confIds }) {
    if (context.draining) return refuse('510', 'the media server is about to stop');
    const id = `conf:${operation.name ?? context.ids.token(NAME_BYTES)}`;
    if (id.length > MAX_ID_LENGTH) return refuse('410', `a name of more than ${MAX_ID_LENGTH} characters`);
    if (context.conferences.has(id)) return refuse('432', id);
    openConference(context, {
      id,
      deletewhen: operation.deletewhen ?? 'nomedia',
      term: operation.term ?? true,
      audiomix: operation.audiomix ?? {},
      origin,
    });
    if (operation.name === undefined) confIds.push(id);
    return undefined;
  },
};
