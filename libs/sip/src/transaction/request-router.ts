import type { Clock, IdSource } from '@legato/kernel';
import type { Address, Flow, TransportProtocol } from '../message/flow';
import { MAX_DATAGRAM_REQUEST_BYTES, wireBytes } from './request-size';
import type { SipRequest } from '../message/sip-request';
import { SipUri } from '../message/sip-uri';
import { BRANCH_COOKIE } from '../message/via';
import { HopMemory } from '../transport/hop-memory';
import { isLiteral, nextHopUri, numericHop, protocolOf } from '../transport/next-hop';
import type { Hop, Resolver } from '../transport/resolver';
import { isFlow } from '../transport/transport';
import type { TransportSet } from '../transport/transport-set';
import type { ClientPath } from './client-machine-transaction';

const BRANCH_BYTES = 12;
const AVOID_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

/** What our Via says of the way back: to the source port (RFC 3581), along the same connection (RFC 5923 §5). */
const HINTS: Readonly<Partial<Record<TransportProtocol, string>>> = { UDP: ';rport', TLS: ';alias' };

/** Decides where requests go and puts our Via on them (RFC 3261 §8.1.1.7, §8.1.2, §18.1.1). */
export class RequestRouter {
  private readonly memory: HopMemory;

  constructor(
    private readonly transports: TransportSet,
    private readonly ids: IdSource,
    private readonly resolve: Resolver,
    clock: Clock,
  ) {
    this.memory = new HopMemory(clock);
  }

  newBranch(): string {
    return BRANCH_COOKIE + this.ids.token(BRANCH_BYTES);
  }

  /** The paths when no name has to be looked up, which is the common case; undefined when {@link pathsLater} must be asked. */
  pathsNow(request: SipRequest, target: Flow | Address | undefined): readonly ClientPath[] | undefined {
    if (target && isFlow(target)) return this.pathTo(target.protocol, target);
    const uri = nextHopUri(request);
    if (target && isLiteral(target.host)) {
      const protocol = (uri && protocolOf(uri)) ?? this.transports.preferredProtocol;
      return this.pathsOf(request, [{ protocol, address: target }]);
    }
    const where = target ? uriOf(target) : uri;
    if (!where) return [];
    const hop = numericHop(where, this.transports.preferredProtocol);
    return hop && this.pathsOf(request, [hop]);
  }

  /** The paths of target, topmost Route or Request-URI by the resolver, best first. */
  async pathsLater(request: SipRequest, target: Flow | Address | undefined): Promise<readonly ClientPath[]> {
    const uri = target && !isFlow(target) ? uriOf(target) : nextHopUri(request);
    return uri ? this.pathsOf(request, await this.resolve(uri)) : [];
  }

  /** The one Via of a request of ours, in the place of that of an earlier attempt. */
  putVia(request: SipRequest, path: ClientPath, branch: string): void {
    const { protocol } = path.transport;
    const hint = HINTS[protocol] ?? '';
    const sentBy = this.transports.sentBy(path.transport, remoteOf(path).host);
    const via = `SIP/2.0/${protocol} ${sentBy};branch=${branch}${hint}`;
    if (request.headers.has('Via')) request.headers.set('Via', via);
    else request.headers.prepend('Via', via);
  }

  /** A path did not answer, or asked in a 503 to be left alone: it is tried last for a while. */
  avoid(path: ClientPath, retryAfter?: string): void {
    const forMs =
      retryAfter === undefined
        ? AVOID_MS
        : Math.min(MAX_RETRY_AFTER_MS, parseInt(retryAfter, 10) * 1000 || 0);
    const { host, port } = remoteOf(path);
    this.memory.avoid(path.transport.protocol, host, port, forMs);
  }

  private pathsOf(request: SipRequest, hops: readonly Hop[]): readonly ClientPath[] {
    const paths = hops.flatMap(({ protocol, address }) => [
      ...(protocol === 'UDP' && this.isTooLarge(request, address) ? this.pathTo('TCP', address) : []),
      ...this.pathTo(protocol, address),
    ]);
    if (paths.length < 2) return paths;
    return [
      ...paths.filter((each) => !this.isAvoided(each)),
      ...paths.filter((each) => this.isAvoided(each)),
    ];
  }

  /** Large requests go by TCP, and by UDP when that is refused (RFC 3261 §18.1.1). */
  private isTooLarge(request: SipRequest, address: Address): boolean {
    return (
      wireBytes(request) > MAX_DATAGRAM_REQUEST_BYTES && this.transports.find('TCP', address) !== undefined
    );
  }

  private isAvoided(path: ClientPath): boolean {
    const { host, port } = remoteOf(path);
    return this.memory.isAvoided(path.transport.protocol, host, port);
  }

  private pathTo(protocol: Hop['protocol'], target: Flow | Address): readonly ClientPath[] {
    const transport = this.transports.find(protocol, target);
    return transport ? [{ transport, target }] : [];
  }
}

const remoteOf = ({ target }: ClientPath): Address => (isFlow(target) ? target.remote : target);

/** A target that is given by name, as in a configuration file. */
function uriOf(target: Address): SipUri | undefined {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return SipUri.parse(`sip:${host}:${target.port}`);
}
