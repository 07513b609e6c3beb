import { isTokenCode, skipBlanks } from '../characters';
import { Params } from '../params';

/** `token *(;param)`: the shape of Reason, Event, Subscription-State, Content-Disposition and others. */
export interface TokenWithParams {
  readonly token: string;
  readonly params: Params;
}

/** undefined when malformed. */
export function readTokenWithParams(text: string): TokenWithParams | undefined {
  const start = skipBlanks(text, 0);
  let end = start;
  while (end < text.length && isTokenCode(text.charCodeAt(end))) end++;
  const params = end === start ? undefined : Params.parse(text, end);
  return params && { token: text.slice(start, end), params };
}
