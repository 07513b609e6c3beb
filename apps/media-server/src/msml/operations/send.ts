import type { MsmlSend } from '@legato/msml';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

const DIALOG_TARGET = /^([^/]+\/[^/]+)(?:\/(.+))?$/;

/** Sends an event to an object (RFC 5707 §7.2). Connections and conferences have no events of their own. */
export const send: Executor<MsmlSend> = {
  check: ({ target }) => (target.includes('*') ? refuse('410', 'send to one object') : undefined),

  execute({ target, event, valuelist }, { context }) {
    const [, dialogId, inner] = DIALOG_TARGET.exec(target) ?? [];
    if (dialogId === undefined) return context.target(target) ? undefined : refuse('430', target);
    const dialog = context.dialogs.find(dialogId);
    if (!dialog) return refuse('430', dialogId);
    dialog.receiveEvent(inner, event, valuelist);
    return undefined;
  },
};
