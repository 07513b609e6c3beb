import type { MsmlAudit } from '../audit/audit';
import { audit } from '../audit/audit';
import type { MsmlCreateConference } from '../conference/createconference';
import { createconference } from '../conference/createconference';
import type { MsmlDestroyConference } from '../conference/destroyconference';
import { destroyconference } from '../conference/destroyconference';
import type { MsmlJoin } from '../conference/join';
import { join } from '../conference/join';
import type { MsmlModifyConference } from '../conference/modifyconference';
import { modifyconference } from '../conference/modifyconference';
import type { MsmlModifyStream } from '../conference/modifystream';
import { modifystream } from '../conference/modifystream';
import type { MsmlMonitor } from '../conference/monitor';
import { monitor } from '../conference/monitor';
import type { MsmlUnjoin } from '../conference/unjoin';
import { unjoin } from '../conference/unjoin';
import type { MsmlDialogEnd } from '../dialog/dialogend';
import { dialogend } from '../dialog/dialogend';
import type { MsmlDialogStart } from '../dialog/dialogstart';
import { dialogstart } from '../dialog/dialogstart';
import type { ElementDefinition } from '../schema/element-definition';
import type { ExtensionElement } from '../schema/extension';
import type { MsmlSend } from './send';
import { send } from './send';

/** What a request asks for; operations run in document order and stop at the first error (§5). */
export type MsmlOperation =
  | MsmlJoin
  | MsmlUnjoin
  | MsmlModifyStream
  | MsmlMonitor
  | MsmlCreateConference
  | MsmlModifyConference
  | MsmlDestroyConference
  | MsmlDialogStart
  | MsmlDialogEnd
  | MsmlSend
  | MsmlAudit
  | ExtensionElement;

/** The definitions of the operations. */
export const operationDefinitions: readonly ElementDefinition[] = [
  createconference,
  modifyconference,
  destroyconference,
  join,
  modifystream,
  unjoin,
  monitor,
  dialogstart,
  dialogend,
  send,
  audit,
];
