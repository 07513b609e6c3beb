import type { MsmlCreateConference } from '@legato/msml';
import { checkAudioMix, checkVideo } from '../../conferences/check-mixers';
import { openConference } from '../../conferences/open-conference';
import { availableDialogs, reservedDialogs } from '../../conferences/reservations';
import type { ControlContext } from '../../objects/control-context';
import type { Executor } from '../executor';
import type { Refusal } from '../refusal';
import { refuse } from '../refusal';

const NAME_BYTES = 12;
/** A longer one would not fit into the requests that name it later. */
const MAX_ID_LENGTH = 255;

/** What can be reserved: all of it, or nothing where it is not required (§8.3.1). */
function reservationOf(context: ControlContext, { reserve }: MsmlCreateConference): number {
  const wanted = reserve ? reservedDialogs(reserve) : 0;
  return wanted <= availableDialogs(context) ? wanted : 0;
}

function checkReserve(context: ControlContext, operation: MsmlCreateConference): Refusal | undefined {
  const { reserve } = operation;
  const isLacking = reserve !== undefined && reservationOf(context, operation) < reservedDialogs(reserve);
  return isLacking && (reserve.required ?? true) ? refuse('520', 'the reservation') : undefined;
}

/** Makes a conference (RFC 5707 §8.3). */
export const createconference: Executor<MsmlCreateConference> = {
  check: (operation, context) =>
    checkVideo(operation.videolayout) ??
    checkAudioMix(operation.audiomix) ??
    checkReserve(context, operation),

  execute(operation, { context, origin, confIds }) {
    if (context.draining) return refuse('510', 'the media server is about to stop');
    const id = `conf:${operation.name ?? context.ids.token(NAME_BYTES)}`;
    if (id.length > MAX_ID_LENGTH) return refuse('410', `a name of more than ${MAX_ID_LENGTH} characters`);
    if (context.conferences.has(id)) return refuse('432', id);
    const lacking = checkReserve(context, operation);
    if (lacking) return lacking;
    openConference(context, {
      id,
      deletewhen: operation.deletewhen ?? 'nomedia',
      term: operation.term ?? true,
      audiomix: operation.audiomix ?? {},
      reserved: reservationOf(context, operation),
      origin,
    });
    if (operation.name === undefined) confIds.push(id);
    return undefined;
  },
};
