import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type {
  ClientEnvironment,
  ClientInput,
  ClientPath,
  ClientTransactionOwner,
} from './client-machine-transaction';
import { ClientMachineTransaction } from './client-machine-transaction';
import type {
  NonInviteClientAction,
  NonInviteClientEvent,
  NonInviteClientState,
} from './non-invite-client.machine';
import { nonInviteClientMachine } from './non-invite-client.machine';

type Letter = 'Timer E' | 'Timer F';

/** The non-INVITE client transaction (RFC 3261 §17.1.2); a CANCEL has one of its own with the INVITE's branch. */
export class NonInviteClientTransaction extends ClientMachineTransaction<
  NonInviteClientState,
  NonInviteClientEvent,
  NonInviteClientAction,
  Letter
> {
  private static readonly actions: Readonly<
    Record<NonInviteClientAction, (self: NonInviteClientTransaction, input: ClientInput | undefined) => void>
  > = {
    'send request': (self) => self.sendRequest(),
    'reset Timer E': (self) => self.resetTimerE(self.intervalMs * 2),
    'reset Timer E to T2': (self) => self.resetTimerE(self.environment.timers.T2),
    'response to TU': (self, input) => input?.response && self.owner?.deliver(input.response),
    'timeout to TU': (self) => self.owner?.timedOut(),
    'transport error to TU': (self, input) =>
      self.owner?.failed(input?.error ?? new Error('transport error')),
    'stop Timers E, F': (self) => self.stopTimers(),
    'start Timer K': (self) => self.startTimerK(),
  };

  /** Throws TypeError when the request can not be serialized. */
  constructor(
    environment: ClientEnvironment,
    request: SipRequest,
    path: ClientPath,
    owner: ClientTransactionOwner,
  ) {
    super(environment, 'Trying', request, path, owner);
  }

  start(): void {
    this.begin('Timer E', 'Timer F');
  }

  receiveResponse(response: SipResponse): void {
    this.take(response.status < 200 ? '1xx' : '200-699', { response });
  }

  expire(): void {
    if (this.state === 'Completed') this.take('Timer K');
  }

  protected get table(): typeof nonInviteClientMachine {
    return nonInviteClientMachine;
  }

  protected perform(action: NonInviteClientAction, input: ClientInput | undefined): void {
    NonInviteClientTransaction.actions[action](this, input);
  }

  protected fire(letter: Letter): void {
    this.take(letter);
  }

  protected fail(error: Error): void {
    this.take('Transport Err.', { error });
  }

  private resetTimerE(delayMs: number): void {
    this.startRepeat('Timer E', Math.min(delayMs, this.environment.timers.T2));
  }

  private startTimerK(): void {
    this.owner = undefined;
    if (this.reliable) this.take('Timer K');
    else this.environment.expireAfter(this.environment.timers.T4, this);
  }
}
