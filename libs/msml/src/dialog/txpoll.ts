import { child, children } from '../schema/content';
import { faxTerminalId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';
import type { FaxHeaderFooter } from './hdrfooter';
import { hdrfooter } from './hdrfooter';
import type { FaxSendObject } from './sendobj';
import { sendobj } from './sendobj';

/** Pages for a terminal that polls (§9.12.2.2). */
export interface FaxTransmitPoll extends Extensible {
  rmtid: string;
  sendobj?: FaxSendObject[];
  hdrfooter?: FaxHeaderFooter;
}

export const txpoll = defineElement<FaxTransmitPoll>('txpoll', '9.12.2.2', {
  rmtid: mandatory(faxTerminalId),
  sendobj: children(sendobj, { least: 1 }),
  hdrfooter: child(hdrfooter),
});
