import type { Flow } from '../message/flow';
import type { SipResponse } from '../message/sip-response';
import type {
  NonInviteServerAction,
  NonInviteServerEvent,
  NonInviteServerState,
} from './non-invite-server.machine';
import { nonInviteServerMachine } from './non-invite-server.machine';
import type { ServerEnvironment, ServerInput } from './server-machine-transaction';
import { ServerMachineTransaction } from './server-machine-transaction';
import type { ServerTransaction } from './transaction-user';

type Letter = 'Timer E at T2' | 'Timer F at the client';

/** The non-INVITE server transaction (RFC 3261 §17.2.2, RFC 4320 §4). */
export class NonInviteServerTransaction extends ServerMachineTransaction<
  NonInviteServerState,
  NonInviteServerEvent,
  NonInviteServerAction,
  Letter
> {
  private static readonly actions: Readonly<
    Record<NonInviteServerAction, (self: NonInviteServerTransaction, input: ServerInput | undefined) => void>
  > = {
    'send 100': (self) => self.sendTrying(),
    'send response': (self, input) => self.sendResponse(input?.bytes, input?.handle),
    'resend response': (self) => self.resendResponse(),
    'stop wait for Timer E': (self) => self.stopRepeat(),
    'stop waits': (self) => self.stopTimers(),
    'start Timer J': (self) => self.startTimerJ(),
    'transport error to TU': (self, input) => self.reportFailure(input?.handle, 'transport error'),
  };

  private readonly startedAt: number;

  constructor(environment: ServerEnvironment, key: string, method: string, returnPath: Flow) {
    super(environment, 'Trying', key, method, returnPath);
    this.startedAt = environment.clock.now();
  }

  awaitResponse(): void {
    if (this.state === 'Completed' || this.state === 'Terminated') return;
    if (this.state === 'Trying') this.pending.startRepeat('Timer E at T2', this.timerEAtT2Ms);
    this.pending.startLimit('Timer F at the client', this.limitMs);
  }

  receiveRetransmission(): void {
    this.take('request');
  }

  expire(): void {
    if (this.state === 'Completed') this.take('Timer J');
  }

  /** RFC 4320 §4: no provisional but 100, that not early over UDP, and never 408. */
  protected eventFor(response: SipResponse): NonInviteServerEvent | undefined {
    const { status } = response;
    if (status >= 200) return status === 408 ? undefined : '200-699 from TU';
    if (status !== 100) return undefined;
    const early = this.environment.clock.now() - this.startedAt < this.timerEAtT2Ms;
    return early && !this.reliable ? undefined : '1xx from TU';
  }

  protected get table(): typeof nonInviteServerMachine {
    return nonInviteServerMachine;
  }

  protected perform(action: NonInviteServerAction, input: ServerInput | undefined): void {
    NonInviteServerTransaction.actions[action](this, input);
  }

  protected fire(letter: Letter): void {
    this.take(letter);
  }

  protected fail(handle: ServerTransaction | undefined): void {
    this.take('Transport Err.', { handle });
  }

  /** When the client's Timer E is set to T2 for the first time: T1, 2*T1, 4*T1 ... have passed, 3.5 s by default. */
  private get timerEAtT2Ms(): number {
    const { T1, T2 } = this.environment.timers;
    let sum = 0;
    for (let interval = T1; interval < T2; interval *= 2) sum += interval;
    return sum;
  }

  private startTimerJ(): void {
    this.handle = undefined;
    if (this.reliable) this.take('Timer J');
    else {
      this.compactResponse();
      this.environment.expireAfter(this.limitMs, this);
    }
  }
}
