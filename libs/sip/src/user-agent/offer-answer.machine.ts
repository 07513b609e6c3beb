import type { MachineTable } from '@legato/kernel';

export type OfferAnswerState = 'Stable' | 'Offer sent' | 'Offer received';

export type OfferAnswerEvent = 'send offer' | 'receive offer' | 'send answer' | 'receive answer' | 'refused';

export type OfferAnswerAction = 'open exchange' | 'close exchange';

/**
 * Who owes whom an answer: one exchange at a time in a dialog (RFC 3264 §4, RFC 6337 §2.2). A refusal takes the offer with it
 * (RFC 6337 §3.4).
 */
export const offerAnswerMachine: MachineTable<OfferAnswerState, OfferAnswerEvent, OfferAnswerAction> = {
  Stable: {
    'send offer': { to: 'Offer sent', do: ['open exchange'] },
    'receive offer': { to: 'Offer received', do: ['open exchange'] },
  },
  'Offer sent': {
    'receive answer': { to: 'Stable', do: ['close exchange'] },
    refused: { to: 'Stable', do: ['close exchange'] },
  },
  'Offer received': {
    'send answer': { to: 'Stable', do: ['close exchange'] },
    refused: { to: 'Stable', do: ['close exchange'] },
  },
};
