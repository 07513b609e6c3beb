import type { Reserve } from '@legato/msml';
import type { ControlContext } from '../objects/control-context';
import type { Conference } from './conference';

/** How many dialogs a reservation is for (RFC 5707 §8.3.1): what its resources hold is for us to read, and a resource here is a dialog. */
export const reservedDialogs = ({ resource }: Pick<Reserve, 'resource'>): number =>
  (resource ?? []).reduce((sum, { n }) => sum + Number(n ?? 1), 0);

/** How many dialogs can be started on `targetId` now: not those that other conferences have reserved and do not use. */
export function availableDialogs(context: ControlContext, targetId?: string): number {
  const { limits, dialogs, conferences } = context;
  const own = targetId === undefined ? [] : conferencesOf(context, targetId);
  const held = [...conferences.values()]
    .filter((conference) => !own.includes(conference))
    .reduce((sum, conference) => sum + unused(context, conference), 0);
  return limits.dialogs - dialogs.size - held;
}

/** A conference, or those that a connection takes part in. */
const conferencesOf = ({ conferences }: ControlContext, targetId: string): Conference[] =>
  [...conferences.values()].filter(
    ({ id, participants }) => id === targetId || participants.some((each) => each.id === targetId),
  );

function unused({ dialogs }: ControlContext, { id, options, participants }: Conference): number {
  if (options.reserved === 0) return 0;
  const used = [id, ...participants.map((each) => each.id)].reduce(
    (sum, each) => sum + dialogs.on(each).length,
    0,
  );
  return Math.max(0, options.reserved - used);
}
