import type { MsmlDestroyConference } from '@legato/msml';
import { deleteConference } from '../../conferences/delete-conference';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

/** Ends a conference, or takes its mixer away, which ends it as well: it has no other (RFC 5707 §8.5). */
export const destroyconference: Executor<MsmlDestroyConference> = {
  execute(operation, { context }) {
    const conference = context.conferences.get(operation.id);
    if (!conference) return refuse('430', operation.id);
    // A conference here has no video mixer: removing that one removes nothing.
    const onlyVideo = operation.videolayout !== undefined && operation.audiomix === undefined;
    if (!onlyVideo) deleteConference(context, conference);
    return undefined;
  },
};
