import type { IdSource } from '@legato/kernel';
import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import { BRANCH_COOKIE } from '../message/via';
import { nextHopUri, numericHop, protocolOf } from '../transport/next-hop';
import type { Hop, Resolver } from '../transport/resolver';
import { isFlow } from '../transport/transport';
import type { TransportSet } from '../transport/transport-set';
import type { ClientPath } from './client-machine-transaction';

const BRANCH_BYTES = 12;

/** Decides where requests go and puts our Via on them (RFC 3261 §8.1.1.7, §8.1.2, §18.1.1). */
export class RequestRouter {
  constructor(
    private readonly transports: TransportSet,
    private readonly ids: IdSource,
    private readonly resolve: Resolver | undefined,
  ) {}

  newBranch(): string {
    return BRANCH_COOKIE + this.ids.token(BRANCH_BYTES);
  }

  /** The paths when no name has to be looked up, which is the common case; undefined when {@link pathsLater} must be asked. */
  pathsNow(request: SipRequest, target: Flow | Address | undefined): readonly ClientPath[] | undefined {
    if (target && isFlow(target)) return this.pathsTo(target.protocol, target);
    const uri = nextHopUri(request);
    if (target) return this.pathsTo((uri && protocolOf(uri)) ?? this.transports.preferredProtocol, target);
    if (!uri) return [];
    const hop = numericHop(uri, this.transports.preferredProtocol);
    if (hop) return this.pathsTo(hop.protocol, hop.address);
    return this.resolve ? undefined : [];
  }

  /** The paths of the topmost Route or Request-URI by the resolver, best first. */
  async pathsLater(request: SipRequest): Promise<readonly ClientPath[]> {
    const uri = nextHopUri(request);
    if (!uri || !this.resolve) return [];
    const hops: readonly Hop[] = await this.resolve(uri);
    return hops.flatMap((hop) => this.pathsTo(hop.protocol, hop.address));
  }

  /** The one Via of a request of ours, in the place of that of an earlier attempt. */
  putVia(request: SipRequest, path: ClientPath, branch: string): void {
    const { protocol } = path.transport;
    const { host } = isFlow(path.target) ? path.target.remote : path.target;
    const rport = protocol === 'UDP' ? ';rport' : '';
    const sentBy = this.transports.sentBy(path.transport, host);
    const via = `SIP/2.0/${protocol} ${sentBy};branch=${branch}${rport}`;
    if (request.headers.has('Via')) request.headers.set('Via', via);
    else request.headers.prepend('Via', via);
  }

  private pathsTo(protocol: Hop['protocol'], target: Flow | Address): readonly ClientPath[] {
    const transport = this.transports.find(protocol, target);
    return transport ? [{ transport, target }] : [];
  }
}
