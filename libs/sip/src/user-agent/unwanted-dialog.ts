import { confirmUacDialog, createUacDialog } from '../dialog/create-dialog';
import type { DialogState } from '../dialog/dialog-state';
import { createInDialogRequest } from '../dialog/in-dialog-request';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';

export interface UnwantedDialog {
  readonly dialog: DialogState;
  readonly ack: SipRequest;
  readonly bye: SipRequest;
}

/** What a 2xx gets whose dialog nobody wants: its ACK, then BYE; `early` is what is known of it already (RFC 3261 §13.2.2.4). */
export function unwantedDialog(response: SipResponse, early?: DialogState): UnwantedDialog {
  const dialog = early ? confirmUacDialog(early, response) : createUacDialog(response, response.to.uri);
  const ack = createInDialogRequest(dialog, 'ACK', { cseq: response.cseq.number });
  return { dialog, ack, bye: createInDialogRequest(dialog, 'BYE') };
}
