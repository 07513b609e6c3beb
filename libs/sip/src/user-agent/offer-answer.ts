import { arrowFor } from '@legato/kernel';
import type { OfferAnswerAction, OfferAnswerEvent, OfferAnswerState } from './offer-answer.machine';
import { offerAnswerMachine } from './offer-answer.machine';
import type { UsageContext } from './usage-context';

/** The request whose exchange it is: its refusal rolls no other one back. */
export type ExchangeRequest = 'INVITE' | 'UPDATE' | 'PRACK';

export interface OfferAnswerExchange {
  readonly state: Exclude<OfferAnswerState, 'Stable'>;
  readonly request: ExchangeRequest;
}

const actions: Readonly<
  Record<OfferAnswerAction, (usage: UsageContext, to: OfferAnswerState, request: ExchangeRequest) => void>
> = {
  'open exchange': ({ state }, to, request) => {
    if (to !== 'Stable') state.exchange = { state: to, request };
  },
  'close exchange': ({ state }) => void (state.exchange = undefined),
};

export const exchangeState = ({ state }: UsageContext): OfferAnswerState => state.exchange?.state ?? 'Stable';

/** Takes an arrow of the exchange of `request`; one that belongs to another request is left alone. */
export function stepExchange(usage: UsageContext, event: OfferAnswerEvent, request: ExchangeRequest): void {
  const open = usage.state.exchange;
  if (open && open.request !== request) return;
  const arrow = arrowFor(offerAnswerMachine, exchangeState(usage), event);
  for (const action of arrow?.do ?? []) actions[action](usage, arrow?.to ?? 'Stable', request);
}

/**
 * A response to INVITE that counts for the exchange, one of the peer's or of ours: a 2xx, or a reliable 1xx. It brings the answer
 * to the offer of its INVITE, or an offer when the INVITE had none; a description after the answer repeats it (RFC 6337 §2.2).
 */
export function noteInviteResponse(
  usage: UsageContext,
  direction: 'send' | 'receive',
  status: number,
  hasBody: boolean,
): void {
  const answered = usage.state.answeredEarly ?? false;
  if (status >= 200) usage.state.answeredEarly = undefined;
  const isAnswer = exchangeState(usage) === (direction === 'send' ? 'Offer received' : 'Offer sent');
  if (isAnswer) {
    if (!hasBody && status < 200) return;
    stepExchange(usage, `${direction} answer`, 'INVITE');
    if (status < 200) usage.state.answeredEarly = true;
  } else if (hasBody && !answered) stepExchange(usage, `${direction} offer`, 'INVITE');
}
