/** The methods of the IANA registry; which of them we serve is for the user agent core to say. */
const REGISTERED = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
] as const;

const interned = new Map<string, string>(REGISTERED.map((method) => [method, method]));

/** True for a registered method; methods are case-sensitive (RFC 3261 §7.1). */
export const isRegisteredMethod = (method: string): boolean => interned.has(method);

/** The constant of a registered method, so that comparing it later is comparing pointers. */
export const internMethod = (method: string): string => interned.get(method) ?? method;
