import type { MachineTable } from '@legato/kernel';

/** Where the exchange with a media server stands: at most one INFO is outstanding in a SIP dialog. */
export type MsmlExchangeStateName = 'Idle' | 'Awaiting result';

export type MsmlExchangeEvent =
  'request' | 'final response, none waiting' | 'final response, requests waiting' | 'dialog gone';

export type MsmlExchangeAction =
  'send INFO' | 'queue request' | 'result to TU' | 'send next INFO' | 'fail all';

/**
 * RFC 5707 §5 processes a request as one transaction, and media servers keep INFO requests of a dialog in order: so the next one
 * leaves when the final response to the one before has come.
 */
export const msmlExchangeMachine: MachineTable<MsmlExchangeStateName, MsmlExchangeEvent, MsmlExchangeAction> =
  {
    Idle: {
      request: { to: 'Awaiting result', do: ['send INFO'] },
    },
    'Awaiting result': {
      request: { to: 'Awaiting result', do: ['queue request'] },
      'final response, none waiting': { to: 'Idle', do: ['result to TU'] },
      'final response, requests waiting': { to: 'Awaiting result', do: ['result to TU', 'send next INFO'] },
      'dialog gone': { to: 'Idle', do: ['fail all'] },
    },
  };
