/** The methods a peer may begin something with outside of a dialog; their RFCs stand beside them. */
export const SIP_METHODS = [
  'INVITE', // RFC 3261
  'REGISTER', // RFC 3261
  'OPTIONS', // RFC 3261
  'MESSAGE', // RFC 3428
  'SUBSCRIBE', // RFC 6665
  'NOTIFY', // RFC 6665
  'PUBLISH', // RFC 3903
  'REFER', // RFC 3515
  'INFO', // RFC 6086
] as const;

export type SipMethod = (typeof SIP_METHODS)[number];

/** Methods that exist, but reach a Transaction User only inside of a dialog or a transaction. */
const IN_DIALOG_METHODS = ['ACK', 'BYE', 'CANCEL', 'UPDATE', 'PRACK'];

/** Whether a method is one we know of: an unknown one is 501, a known one without a handler 405 (RFC 3261 §8.2.1). */
export function isKnownMethod(method: string): boolean {
  return (SIP_METHODS as readonly string[]).includes(method) || IN_DIALOG_METHODS.includes(method);
}
