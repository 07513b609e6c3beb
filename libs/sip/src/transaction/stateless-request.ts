import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { ClientPath } from './client-machine-transaction';
import type { RequestRouter } from './request-router';

/** A request that is sent once and forgotten: the ACK to a 2xx (RFC 3261 §13.2.2.4). */
export class StatelessRequest {
  constructor(
    private readonly router: RequestRouter,
    private readonly request: SipRequest,
    private readonly branch: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Never throws. */
  start(target: Flow | Address | undefined): void {
    const paths = this.router.pathsNow(this.request, target);
    if (paths) this.send(paths[0]);
    else void this.router.pathsLater(this.request, target).then((later) => this.send(later[0]), this.failed);
  }

  private send(path: ClientPath | undefined): void {
    if (!path) {
      this.failed(new Error(`no way to ${this.request.requestUri}`));
      return;
    }
    try {
      this.router.putVia(this.request, path, this.branch);
      path.transport.send(this.request, path.target, this.failed);
    } catch (error) {
      this.failed(error);
    }
  }
}
