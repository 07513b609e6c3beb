import { children } from '../schema/content';
import { flag } from '../schema/datatype';
import { faxTerminalId, momlId } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { FaxNotifications } from './fax-notifications';
import { faxNotificationFields } from './fax-notifications';
import type { FaxHeaderFooter } from './hdrfooter';
import { hdrfooter } from './hdrfooter';
import type { FaxReceiveObject } from './rcvobj';
import { rcvobj } from './rcvobj';
import type { FaxTransmitPoll } from './txpoll';
import { txpoll } from './txpoll';

/** Receives a fax (§9.12.2), and may answer polls; the RFC's schema calls it "faxrecv". */
export interface MomlFaxReceive extends Extensible, FaxNotifications {
  element: 'faxrcv';
  id?: string;
  lclid?: string;
  ecm?: boolean;
  rcvobj?: FaxReceiveObject[];
  hdrfooter?: FaxHeaderFooter[];
  txpoll?: FaxTransmitPoll[];
}

const check: ElementCheck<MomlFaxReceive> = (value, context) => {
  if (!value.rcvobj && !value.txpoll) context.fail('403', 'faxrcv wants rcvobj or txpoll');
};

export const faxrcv = defineElement<MomlFaxReceive>(
  'faxrcv',
  '9.12.2',
  {
    id: optional(momlId),
    lclid: optional(faxTerminalId),
    ecm: optional(flag),
    rcvobj: children(rcvobj),
    hdrfooter: children(hdrfooter),
    txpoll: children(txpoll),
    ...faxNotificationFields,
  },
  { aliases: ['faxrecv'], check },
);
