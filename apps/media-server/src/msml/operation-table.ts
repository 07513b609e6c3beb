import type { MsmlOperation } from '@legato/msml';
import type { ControlContext } from '../objects/control-context';
import type { Executor, RequestScope } from './executor';
import { audit } from './operations/audit';
import { createconference } from './operations/createconference';
import { destroyconference } from './operations/destroyconference';
import { dialogend } from './operations/dialogend';
import { dialogstart } from './operations/dialogstart';
import { join } from './operations/join';
import { modifyconference } from './operations/modifyconference';
import { modifystream } from './operations/modifystream';
import { monitor } from './operations/monitor';
import { send } from './operations/send';
import { unjoin } from './operations/unjoin';
import type { Refusal } from './refusal';
import { refuse } from './refusal';

type Element = MsmlOperation['element'];
type Executors = { readonly [E in Element]: Executor<Extract<MsmlOperation, { element: E }>> };

/** Who carries out which operation. */
const executors: Executors = {
  audit,
  createconference,
  destroyconference,
  dialogend,
  dialogstart,
  join,
  modifyconference,
  modifystream,
  monitor,
  send,
  unjoin,
  extension: { check: ({ xml }) => refuse('401', xml.name), execute: ({ xml }) => refuse('401', xml.name) },
};

/** TypeScript can not see that the key and the operation belong together. */
const executorOf = (operation: MsmlOperation): Executor<MsmlOperation> => executors[operation.element];

export const checkOperation = (operation: MsmlOperation, context: ControlContext): Refusal | undefined =>
  executorOf(operation).check?.(operation, context);

export const executeOperation = (operation: MsmlOperation, scope: RequestScope): Refusal | undefined =>
  executorOf(operation).execute(operation, scope);
