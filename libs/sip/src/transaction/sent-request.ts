import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import { withDeadline } from '../transport/deadline';
import type { ClientEnvironment, ClientPath, ClientTransactionOwner } from './client-machine-transaction';
import { InviteClientTransaction } from './invite-client.transaction';
import { NonInviteClientTransaction } from './non-invite-client.transaction';
import type { RequestRouter } from './request-router';
import type { ClientTransaction, ClientTransactionUser } from './transaction-user';

/** What a {@link SentRequest} needs of the layer. */
export interface SentRequestEnvironment extends ClientEnvironment {
  readonly router: RequestRouter;
  /** Runs a callback of the TU; what it throws is logged and goes no further. */
  callUser(callback: () => void): void;
}

/**
 * A request on its way: one client transaction for each hop that is tried (RFC 3263 §4.3). The next hop's turn comes after a
 * timeout without a final response, a transport error or a 503, as long as there is a next hop.
 */
export class SentRequest implements ClientTransaction, ClientTransactionOwner {
  private paths: readonly ClientPath[] = [];
  private next = 0;
  private attempt: InviteClientTransaction | NonInviteClientTransaction | undefined;
  private wish: 'answer' | 'end' = 'answer';
  branch: string;
  private current: SipRequest | undefined;

  constructor(
    private readonly environment: SentRequestEnvironment,
    request: SipRequest,
    private readonly user: ClientTransactionUser,
    branch: string,
  ) {
    this.branch = branch;
    this.current = request;
  }

  get request(): SipRequest | undefined {
    return this.current;
  }

  /** Never throws: what goes wrong reaches the user in a later turn. */
  start(target: Flow | Address | undefined): void {
    const { current } = this;
    if (!current) return;
    const { router } = this.environment;
    const paths = router.pathsNow(current, target);
    if (paths) {
      this.startWith(paths);
      return;
    }
    const { clock, timers } = this.environment;
    void withDeadline(clock, 64 * timers.T1, router.pathsLater(current, target)).then(
      (later) => this.startWith(later),
      (error: unknown) => this.reportFailure(errorOf(error)),
    );
  }

  cancel(headers?: Iterable<readonly [string, string]>): void {
    this.wish = 'end';
    if (this.attempt instanceof InviteClientTransaction) this.attempt.cancel(headers);
  }

  private startWith(paths: readonly ClientPath[]): void {
    if (this.wish === 'end' && !this.attempt) {
      // Nothing was sent yet, and nothing will be.
      this.environment.callUser(() => this.user.receiveTimeout(this));
      return;
    }
    this.paths = paths;
    if (paths.length === 0) this.failLater(new Error(`no way to ${this.current?.requestUri}`));
    else this.tryNext();
  }

  private tryNext(): void {
    const path = this.nextPath();
    const { current } = this;
    if (!path || !current) return;
    try {
      this.environment.router.putVia(current, path, this.branch);
      const Kind = current.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction;
      this.attempt = new Kind(this.environment, current, path, this);
      this.attempt.start();
    } catch (error) {
      this.next = this.paths.length;
      this.failLater(errorOf(error));
    }
  }

  private nextPath(): ClientPath | undefined {
    const path = this.paths[this.next++];
    return path && this.next < this.paths.length ? { ...path, hasAlternative: true } : path;
  }

  /** True when another hop is being tried instead of telling the user. */
  private failOver(): boolean {
    if (this.wish === 'end' || this.next >= this.paths.length) return false;
    this.branch = this.environment.router.newBranch();
    this.tryNext();
    return true;
  }

  private avoid(retryAfter?: string): void {
    const path = this.paths[this.next - 1];
    if (path && this.wish === 'answer') this.environment.router.avoid(path, retryAfter);
  }

  deliver(response: SipResponse): void {
    if (response.status === 503) this.avoid(response.headers.get('Retry-After') ?? '0');
    if (response.status === 503 && this.failOver()) return;
    this.environment.callUser(() => this.user.receiveResponse(response, this));
    // Nothing is sent again, and state Accepted lasts for 32 s.
    if (response.status >= 200) this.current = undefined;
  }

  timedOut(): void {
    this.avoid();
    if (!this.failOver()) this.environment.callUser(() => this.user.receiveTimeout(this));
  }

  failed(error: Error): void {
    this.avoid();
    if (!this.failOver()) this.reportFailure(error);
  }

  private reportFailure(error: Error): void {
    this.environment.callUser(() => this.user.receiveTransportError(error, this));
  }

  private failLater(error: Error): void {
    this.environment.clock.schedule(0, () => this.reportFailure(error));
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
