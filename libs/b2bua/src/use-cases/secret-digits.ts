import type { MsmlEvent } from '@legato/msml';
import { parseObjectId } from '@legato/msml';
import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { collectOfDialog, collectsOf, isCollectActive, withoutKey } from './collect';

/** The only thing that is said of what was keyed. */
const HARMLESS = 'dtmf.end';

/**
 * Takes the digits of a sensitive collection out of an event, before anything else sees it: they stay in the memory of this
 * process, for the first who reads them, and are gone with the call.
 */
export function withoutSecretDigits(call: Call, event: MsmlEvent): MsmlEvent {
  const collect = collectOfDialog(call, parseObjectId(event.id)?.dialog);
  if (!collect?.request.sensitive) return event;
  const digits = event.values.findLast(({ name }) => name === 'dtmf.digits')?.value;
  if (digits !== undefined) call.secretDigits.set(collect.id, withoutKey(collect, digits));
  const isSaid = (name: string) => name === HARMLESS || !name.startsWith('dtmf.');
  return { ...event, values: event.values.filter(({ name }) => isSaid(name)) };
}

/** Whether a body that `leg` sends by INFO may be a digit that nobody else is to see. */
export function isSecretDigit(call: Call, leg: LegRole, contentType: string | undefined): boolean {
  if (!contentType?.startsWith('application/dtmf')) return false;
  return collectsOf(call).some(
    (collect) => collect.request.sensitive && collect.request.leg === leg && isCollectActive(collect),
  );
}
