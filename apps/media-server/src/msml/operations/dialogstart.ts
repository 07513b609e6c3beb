import type { MsmlDialogStart } from '@legato/msml';
import { checkContent } from '../../dialogs/check-content';
import { Dialog } from '../../dialogs/dialog';
import { loadScript, stepsOf } from '../../dialogs/load-script';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

const MOML = 'application/moml+xml';
/** Languages that are read as MOML. */
const SERVED: readonly string[] = [MOML, 'application/vnd.radisys.moml+xml'];
const NAME_BYTES = 12;

/** Starts a dialog and goes on: what goes wrong in it later is an event (RFC 5707 §5, §9.6.1). */
export const dialogstart: Executor<MsmlDialogStart> = {
  check(operation, context) {
    const { type = MOML, src, target } = operation;
    if (!SERVED.includes(type)) return refuse('420', type);
    return src === undefined ? checkContent(stepsOf(operation), target, context.services) : undefined;
  },

  execute(operation, { context, origin, dialogIds }) {
    const target = context.target(operation.target);
    if (!target) return refuse('430', operation.target);
    const name = operation.name ?? context.ids.token(NAME_BYTES);
    const id = `${target.id}/dialog:${name}`;
    if (context.dialogs.find(id)) return refuse('431', id);
    const { src } = operation;
    const dialog = new Dialog({
      id,
      name,
      type: operation.type ?? MOML,
      target,
      ...(src === undefined ? {} : { src }),
      origin,
      services: context.services,
      onExited: (exited) => context.dialogs.remove(exited),
    });
    context.dialogs.add(dialog);
    if (operation.name === undefined) dialogIds.push(id);
    // What is wrong with a document that had to be fetched is an event, like every failure of a dialog that was started.
    if (src === undefined) dialog.start(stepsOf(operation));
    else
      loadScript(src, target.id, context.services, (script) =>
        script.ok ? dialog.start(script.value) : dialog.startFailed(script.error),
      );
    return undefined;
  },
};
