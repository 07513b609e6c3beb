import { child, children } from '../schema/content';
import { faxTerminalId } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';
import type { FaxHeaderFooter } from './hdrfooter';
import { hdrfooter } from './hdrfooter';
import type { FaxReceiveObject } from './rcvobj';
import { rcvobj } from './rcvobj';

/** Asks the other terminal for pages after sending (§9.12.1.3). */
export interface FaxReceivePoll extends Extensible {
  rmtid: string;
  rcvobj?: FaxReceiveObject[];
  hdrfooter?: FaxHeaderFooter;
}

export const rxpoll = defineElement<FaxReceivePoll>('rxpoll', '9.12.1.3', {
  rmtid: mandatory(faxTerminalId),
  rcvobj: children(rcvobj, { least: 1 }),
  hdrfooter: child(hdrfooter),
});
