import type { DialogStep, MsmlDialogStart } from '@legato/msml';
import { checkContent } from '../../dialogs/check-content';
import { Dialog } from '../../dialogs/dialog';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

const MOML = 'application/moml+xml';
/** Languages that are read as MOML. */
const SERVED: readonly string[] = [MOML, 'application/vnd.radisys.moml+xml'];
const NAME_BYTES = 12;

/** The steps of a dialog; a `moml` around them changes nothing (RFC 5707 §9.7.6). */
function stepsOf({ content }: MsmlDialogStart): DialogStep[] {
  return content.flatMap((step) => (step.element === 'moml' ? step.content : [step]));
}

/** Starts a dialog and goes on: what goes wrong in it later is an event (RFC 5707 §5, §9.6.1). */
export const dialogstart: Executor<MsmlDialogStart> = {
  check(operation, context) {
    const { type = MOML, src } = operation;
    if (!SERVED.includes(type)) return refuse('420', type);
    if (src !== undefined) return refuse('423', 'dialogs are taken from the request itself');
    return checkContent(stepsOf(operation), operation.target, context.services.folders);
  },

  execute(operation, { context, origin, dialogIds }) {
    const target = context.target(operation.target);
    if (!target) return refuse('430', operation.target);
    const name = operation.name ?? context.ids.token(NAME_BYTES);
    const id = `${target.id}/dialog:${name}`;
    if (context.dialogs.find(id)) return refuse('431', id);
    const dialog = new Dialog({
      id,
      name,
      type: operation.type ?? MOML,
      target,
      steps: stepsOf(operation),
      origin,
      services: context.services,
      onExited: (exited) => context.dialogs.remove(exited),
    });
    context.dialogs.add(dialog);
    if (operation.name === undefined) dialogIds.push(id);
    dialog.start();
    return undefined;
  },
};
