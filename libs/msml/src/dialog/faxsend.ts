import { children } from '../schema/content';
import { flag } from '../schema/datatype';
import { faxSpeed, faxTerminalId, momlId } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { FaxNotifications } from './fax-notifications';
import { faxNotificationFields } from './fax-notifications';
import type { FaxHeaderFooter } from './hdrfooter';
import { hdrfooter } from './hdrfooter';
import type { FaxReceivePoll } from './rxpoll';
import { rxpoll } from './rxpoll';
import type { FaxSendObject } from './sendobj';
import { sendobj } from './sendobj';

/** Sends a fax (§9.12.1), and may poll for one. */
export interface MomlFaxSend extends Extensible, FaxNotifications {
  element: 'faxsend';
  id?: string;
  lclid?: string;
  /** bit/s, 2400 to 14400. */
  minspeed?: string;
  maxspeed?: string;
  /** Error correction mode; true when absent. */
  ecm?: boolean;
  sendobj?: FaxSendObject[];
  hdrfooter?: FaxHeaderFooter[];
  rxpoll?: FaxReceivePoll[];
}

const check: ElementCheck<MomlFaxSend> = (value, context) => {
  if (!value.sendobj && !value.rxpoll) context.fail('403', 'faxsend wants sendobj or rxpoll');
};

export const faxsend = defineElement<MomlFaxSend>(
  'faxsend',
  '9.12.1',
  {
    id: optional(momlId),
    lclid: optional(faxTerminalId),
    minspeed: optional(faxSpeed),
    maxspeed: optional(faxSpeed),
    ecm: optional(flag),
    sendobj: children(sendobj),
    hdrfooter: children(hdrfooter),
    rxpoll: children(rxpoll),
    ...faxNotificationFields,
  },
  { check },
);
