import type { TokenWithParams } from './token-with-params';
import { readTokenWithParams } from './token-with-params';

/** P-Access-Network-Info (RFC 7315 §5.4): access type and what is known of the cell; undefined when malformed. */
export const decodeAccessNetworkInfo = (text: string): TokenWithParams | undefined =>
  readTokenWithParams(text);

export const encodeAccessNetworkInfo = (value: TokenWithParams): string =>
  value.token + value.params.toString();
