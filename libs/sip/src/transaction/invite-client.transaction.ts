import { serialize } from '../message/serializer';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import { ackRequest } from './ack-request';
import { cancelRequest } from './cancel-request';
import type {
  ClientEnvironment,
  ClientInput,
  ClientPath,
  ClientTransactionOwner,
} from './client-machine-transaction';
import { ClientMachineTransaction } from './client-machine-transaction';
import type { InviteClientAction, InviteClientEvent, InviteClientState } from './invite-client.machine';
import { inviteClientMachine } from './invite-client.machine';
import { NonInviteClientTransaction } from './non-invite-client.transaction';

const TIMER_D_MIN_MS = 32_000;
const NOBODY: ClientTransactionOwner = { deliver() {}, timedOut() {}, failed() {} };

type Letter = 'Timer A' | 'Timer B' | '64*T1 after CANCEL';

/** The INVITE client transaction (RFC 3261 §17.1.1, RFC 6026 §7.2). */
export class InviteClientTransaction extends ClientMachineTransaction<
  InviteClientState,
  InviteClientEvent,
  InviteClientAction,
  Letter
> {
  private static readonly actions: Readonly<
    Record<InviteClientAction, (self: InviteClientTransaction, input: ClientInput | undefined) => void>
  > = {
    'reset Timer A': (self) => self.startRepeat('Timer A', self.intervalMs * 2),
    'send INVITE': (self) => self.sendRequest(),
    'send ACK': (self, input) => self.sendAck(input?.response),
    'hold CANCEL': (self, input) => (self.heldCancel ??= [...(input?.headers ?? [])]),
    'send CANCEL': (self, input) => self.sendCancel(input?.headers ?? []),
    'send held CANCEL': (self) => self.heldCancel && self.sendCancel(self.heldCancel),
    'response to TU': (self, input) => input?.response && self.owner?.deliver(input.response),
    'timeout to TU': (self) => self.owner?.timedOut(),
    'transport error to TU': (self, input) =>
      self.owner?.failed(input?.error ?? new Error('transport error')),
    'stop timers': (self) => self.stopTimers(),
    'start Timer D': (self) => self.startTimerD(),
    'start Timer M': (self) => self.startTimerM(),
  };

  /** Until a final response, for ACK and CANCEL are made of it. */
  private request: SipRequest | undefined;
  private ack: Buffer | undefined;
  private heldCancel: readonly (readonly [string, string])[] | undefined;
  private cancelled = false;

  /** Throws TypeError when the request can not be serialized. */
  constructor(
    environment: ClientEnvironment,
    request: SipRequest,
    path: ClientPath,
    owner: ClientTransactionOwner,
  ) {
    super(environment, 'Calling', request, path, owner);
    this.request = request;
  }

  start(): void {
    this.begin('Timer A', 'Timer B');
  }

  receiveResponse(response: SipResponse): void {
    const { status } = response;
    if (status === 100 && this.state !== 'Calling') return;
    this.take(status < 200 ? '1xx' : status < 300 ? '2xx' : '300-699', { response });
  }

  /** RFC 3261 §9.1. */
  cancel(headers?: Iterable<readonly [string, string]>): void {
    this.take('CANCEL from TU', { headers });
  }

  expire(): void {
    if (this.state === 'Completed') this.take('Timer D');
    else if (this.state === 'Accepted') this.take('Timer M');
  }

  protected get table(): typeof inviteClientMachine {
    return inviteClientMachine;
  }

  protected perform(action: InviteClientAction, input: ClientInput | undefined): void {
    InviteClientTransaction.actions[action](this, input);
  }

  protected fire(letter: Letter): void {
    this.take(letter);
  }

  protected fail(error: Error): void {
    this.take('Transport Err.', { error });
  }

  /** The same ACK for each copy of the response (RFC 3261 §17.1.1.3). */
  private sendAck(response: SipResponse | undefined): void {
    if (this.request && response) this.ack = serialize(ackRequest(this.request, response));
    this.request = undefined;
    if (this.ack) this.send(this.ack);
  }

  private sendCancel(headers: Iterable<readonly [string, string]>): void {
    if (this.cancelled || !this.request) return;
    this.cancelled = true;
    const request = cancelRequest(this.request, headers);
    new NonInviteClientTransaction(this.environment, request, this.path, NOBODY).start();
    this.startLimit('64*T1 after CANCEL');
  }

  private startTimerM(): void {
    this.request = undefined;
    this.environment.expireAfter(this.limitMs, this);
  }

  private startTimerD(): void {
    this.owner = undefined;
    if (this.reliable) this.take('Timer D');
    else this.environment.expireAfter(Math.max(TIMER_D_MIN_MS, this.limitMs), this);
  }
}
