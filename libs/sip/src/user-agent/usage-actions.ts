import type { CalleeAction } from './callee-actions';
import { calleeActions } from './callee-actions';
import type { CallerAction } from './caller-actions';
import { callerActions } from './caller-actions';
import type { EndAction } from './end-actions';
import { endActions } from './end-actions';
import type { UsageContext, UsageInput } from './usage-context';

/** What is done on the arrows of the two machines of an INVITE dialog usage. */
export type UsageAction = CallerAction | CalleeAction | EndAction;

export const usageActions: Readonly<Record<UsageAction, (usage: UsageContext, input: UsageInput) => void>> = {
  ...callerActions,
  ...calleeActions,
  ...endActions,
};
