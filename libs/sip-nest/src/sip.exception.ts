/** Thrown by a guard or a handler: the request is answered with this status (RFC 3261 §21). */
export class SipException extends Error {
  override readonly name = 'SipException';

  /**
   * @param status 300 to 699
   * @param reason the standard phrase unless given
   * @param headers in wire order, such as `['Retry-After', '5']`
   */
  constructor(
    readonly status: number,
    readonly reason?: string,
    readonly headers: readonly (readonly [string, string])[] = [],
  ) {
    super(`${status}${reason === undefined ? '' : ` ${reason}`}`);
    if (!Number.isInteger(status) || status < 300 || status > 699) {
      throw new TypeError(`SipException: ${status} is no final response that refuses`);
    }
  }
}
