import type { MsmlDialogEnd } from '@legato/msml';
import type { Executor } from '../executor';
import { refuse } from '../refusal';

/** Ends a dialog gracefully (RFC 5707 §9.6.2): it lives until its handlers have run and its files are safe. */
export const dialogend: Executor<MsmlDialogEnd> = {
  check: ({ id }) => (id.endsWith('*') ? refuse('410', 'dialogend of one dialog') : undefined),

  execute({ id }, { context }) {
    const dialog = context.dialogs.find(id);
    if (!dialog) return refuse('430', id);
    dialog.terminate();
    return undefined;
  },
};
