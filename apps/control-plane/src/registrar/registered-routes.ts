import type { CallTarget, PartyRoute, Route, RouteTable } from '@legato/b2bua';
import { leadsToParty } from '@legato/b2bua';
import { addressOfRecord, callTargets, parseAddressOfRecord, SipUri } from '@legato/sip';
import type { Clock } from '@legato/kernel';
import { REGISTERED, USER_PREFIX } from '../calls/number-routes';
import type { Registrar } from './registrar';

export interface RegisteredRoutesOptions {
  /** The routes of the configuration: they go first. */
  readonly routes: { find(user: string): Route | undefined };
  readonly registrar: Pick<Registrar, 'bindingsOf' | 'serves'>;
  /** Domains of the registrar: a host that is none of them, such as our address, stands for the first. */
  readonly domains: readonly string[];
  readonly clock: Clock;
}

/** A telephone number is a user, too (RFC 3261 §19.1.6). */
function userOf(requestUri: string): string | undefined {
  const uri = SipUri.parse(requestUri);
  return uri?.scheme === 'tel' ? uri.dialled : uri?.userText;
}

/**
 * Routes that lead to registered users: those that say so, and for a user without a route the bindings of its Request-URI
 * (RFC 3261 §16.5). Users of ours who are not registered are 480, users whom nobody knows 404.
 */
export class RegisteredRoutes implements RouteTable {
  constructor(private readonly options: RegisteredRoutesOptions) {}

  find(user: string, requestUri: string): Route | undefined | Promise<Route | undefined> {
    const route = this.options.routes.find(user);
    if (!route) return this.findUser(requestUri);
    if (!leadsToParty(route)) return route;
    const isRegistered = route.to === REGISTERED || route.to.startsWith(USER_PREFIX);
    return isRegistered ? this.follow(route, requestUri) : route;
  }

  async locate(uri: string): Promise<readonly CallTarget[] | undefined> {
    const aor = parseAddressOfRecord(uri);
    const isOurs = aor !== undefined && this.options.registrar.serves(aor);
    const targets = isOurs ? await this.targetsOf(aor) : [];
    // Without domains anybody's URI could be one of ours: only bindings show that it is.
    return targets.length > 0 || (isOurs && this.options.domains.length > 0) ? targets : undefined;
  }

  private async findUser(requestUri: string): Promise<Route | undefined> {
    const aor = this.dialled(userOf(requestUri), requestUri);
    const targets = aor === undefined ? [] : await this.targetsOf(aor);
    return aor === undefined || targets.length === 0 ? undefined : { to: aor, mode: 'direct', targets };
  }

  /** The bindings of the user that was dialled, or of the one that the route names. */
  private async follow(route: PartyRoute, requestUri: string): Promise<Route | undefined> {
    const isNamed = route.to !== REGISTERED;
    const user = isNamed ? route.to.slice(USER_PREFIX.length) : userOf(requestUri);
    const aor = this.dialled(user, requestUri);
    return aor === undefined ? undefined : { ...route, to: aor, targets: await this.targetsOf(aor) };
  }

  private async targetsOf(aor: string): Promise<readonly CallTarget[]> {
    return callTargets(await this.options.registrar.bindingsOf(aor), this.options.clock.wallTime());
  }

  /** A user in the domain of a Request-URI; at a host that is no domain of ours it is one of the first. */
  private dialled(user: string | undefined, requestUri: string): string | undefined {
    const [first] = this.options.domains;
    const host = SipUri.parse(requestUri)?.host.toLowerCase() ?? '';
    const domain = first === undefined || this.options.domains.includes(host) ? host : first;
    if (user === undefined || user === '' || domain === '') return undefined;
    return addressOfRecord(SipUri.of({ user, host: domain }));
  }
}
