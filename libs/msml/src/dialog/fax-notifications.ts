import { child } from '../schema/content';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';

/** The presence of a notification element is all it says: the server then sends its predefined event. */
export type FaxNotification = Extensible;

const notification = (
  name: string,
  section: string,
  aliases: string[] = [],
): ElementDefinition<FaxNotification> => defineElement<FaxNotification>(name, section, {}, { aliases });

export const faxstart = notification('faxstart', '9.12.1.4');
export const faxnegotiate = notification('faxnegotiate', '9.12.1.5');
export const faxpagedone = notification('faxpagedone', '9.12.1.6');
export const faxobjectdone = notification('faxobjectdone', '9.12.1.7');
export const faxopcomplete = notification('faxopcomplete', '9.12.1.8');
/** The RFC's schema calls it "faxpollstart". */
export const faxpollstarted = notification('faxpollstarted', '9.12.1.9', ['faxpollstart']);

/** The events that a client wants to hear of during a fax (§9.12.1.4 to §9.12.1.9). */
export interface FaxNotifications {
  faxstart?: FaxNotification;
  faxnegotiate?: FaxNotification;
  faxpagedone?: FaxNotification;
  faxobjectdone?: FaxNotification;
  faxopcomplete?: FaxNotification;
  faxpollstarted?: FaxNotification;
}

export const faxNotificationFields = {
  faxstart: child(faxstart),
  faxnegotiate: child(faxnegotiate),
  faxpagedone: child(faxpagedone),
  faxobjectdone: child(faxobjectdone),
  faxopcomplete: child(faxopcomplete),
  faxpollstarted: child(faxpollstarted),
} as const;
