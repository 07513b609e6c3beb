import type { Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { InviteServerAction, InviteServerEvent, InviteServerState } from './invite-server.machine';
import { inviteServerMachine } from './invite-server.machine';
import type { ServerEnvironment, ServerInput } from './server-machine-transaction';
import { ServerMachineTransaction } from './server-machine-transaction';
import type { ServerTransaction } from './transaction-user';

/** How long the TU may keep quiet before the layer sends 100 (RFC 3261 §17.2.1). */
const TRYING_AFTER_MS = 200;

type Letter = '200 ms' | 'Timer G' | 'Timer H';

/** The INVITE server transaction (RFC 3261 §17.2.1, RFC 6026 §7.1). */
export class InviteServerTransaction extends ServerMachineTransaction<
  InviteServerState,
  InviteServerEvent,
  InviteServerAction,
  Letter
> {
  private static readonly actions: Readonly<
    Record<InviteServerAction, (self: InviteServerTransaction, input: ServerInput | undefined) => void>
  > = {
    'send 100': (self) => self.sendTrying(),
    'send response': (self, input) => self.sendFromUser(input),
    'resend response': (self) => self.resendResponse(),
    'start Timers G, H': (self) => self.startTimersGH(),
    'reset Timer G': (self) => self.startTimerG(Math.min(self.intervalMs * 2, self.environment.timers.T2)),
    'stop Timers G, H': (self) => self.stopTimers(),
    'start Timer I': (self) => self.startTimerI(),
    'start Timer L': (self) => self.startTimerL(),
    'ACK to TU': (self, input) => input?.ack && self.environment.deliverAck(input.ack),
    'no ACK to TU': (self) => self.reportFailure(self.handle, 'no ACK'),
    'transport error to TU': (self, input) => self.reportFailure(input?.handle, 'transport error'),
  };

  private intervalMs = 0;
  /** Tag of the response sent last: for the 200 to a CANCEL (RFC 3261 §9.2) and the ACK of an RFC 2543 peer (§17.2.3). */
  toTag: string | undefined;

  constructor(
    environment: ServerEnvironment,
    key: string,
    returnPath: Flow,
    /** Where a CANCEL finds this transaction when its Via was changed on the way. */
    readonly cancelKey: string,
  ) {
    super(environment, 'Proceeding', key, 'INVITE', returnPath);
  }

  awaitResponse(): void {
    if (this.state === 'Proceeding' && !this.lastResponse)
      this.pending.startRepeat('200 ms', TRYING_AFTER_MS);
  }

  receiveRetransmission(): void {
    this.take('INVITE');
  }

  receiveAck(ack: SipRequest): void {
    this.take('ACK', { ack });
  }

  expire(): void {
    if (this.state === 'Confirmed') this.take('Timer I');
    else if (this.state === 'Accepted') this.take('Timer L');
  }

  protected eventFor(response: SipResponse): InviteServerEvent {
    const { status } = response;
    return status < 200 ? '101-199 from TU' : status < 300 ? '2xx from TU' : '300-699 from TU';
  }

  protected get table(): typeof inviteServerMachine {
    return inviteServerMachine;
  }

  protected perform(action: InviteServerAction, input: ServerInput | undefined): void {
    InviteServerTransaction.actions[action](this, input);
  }

  protected fire(letter: Letter): void {
    this.take(letter);
  }

  protected fail(handle: ServerTransaction | undefined): void {
    this.take('Transport Err.', { handle });
  }

  private sendFromUser(input: ServerInput | undefined): void {
    this.stopRepeat();
    if (input?.response && input.response.status > 100) this.toTag = input.response.to?.tag;
    this.sendResponse(input?.bytes, input?.handle);
    // The TU repeats a 2xx itself: no need to keep it here.
    if (this.state === 'Accepted') this.lastResponse = undefined;
  }

  private startTimersGH(): void {
    this.environment.settleInvite(this);
    this.startTimerG(this.environment.timers.T1);
    this.pending.startLimit('Timer H', this.limitMs);
  }

  private startTimerG(delayMs: number): void {
    this.intervalMs = delayMs;
    if (!this.reliable) this.pending.startRepeat('Timer G', delayMs);
  }

  private startTimerI(): void {
    this.forget();
    if (this.reliable) this.take('Timer I');
    else this.environment.expireAfter(this.environment.timers.T4, this);
  }

  private startTimerL(): void {
    this.environment.settleInvite(this);
    this.stopTimers();
    this.forget();
    this.environment.expireAfter(this.limitMs, this);
  }

  /** From here on only retransmissions are absorbed: the request and the response may go. */
  private forget(): void {
    this.handle = undefined;
    this.lastResponse = undefined;
  }
}
