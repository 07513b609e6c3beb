import { decimal } from '../characters';
import { readTokenWithParams } from './token-with-params';

/** Subscription-State (RFC 6665 §8.2.3). */
export interface SubscriptionState {
  /** active, pending, terminated, or an extension, in lower case. */
  readonly state: string;
  /** Seconds left. */
  readonly expires?: number;
  /** Why it ended (§4.1.3): deactivated, probation, rejected, timeout, giveup, noresource, invariant. */
  readonly reason?: string;
  /** Seconds to wait before subscribing again. */
  readonly retryAfter?: number;
}

/** undefined when malformed. */
export function decodeSubscriptionState(text: string): SubscriptionState | undefined {
  const read = readTokenWithParams(text);
  if (!read) return undefined;
  const { params } = read;
  const expires = decimal(params.get('expires') ?? '');
  const retryAfter = decimal(params.get('retry-after') ?? '');
  const reason = params.get('reason')?.toLowerCase();
  return {
    state: read.token.toLowerCase(),
    ...(expires === undefined ? {} : { expires }),
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

export function encodeSubscriptionState(value: SubscriptionState): string {
  const reason = value.reason === undefined ? '' : `;reason=${value.reason}`;
  const expires = value.expires === undefined ? '' : `;expires=${value.expires}`;
  return (
    value.state +
    reason +
    expires +
    (value.retryAfter === undefined ? '' : `;retry-after=${value.retryAfter}`)
  );
}
