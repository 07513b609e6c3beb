import type { CallTarget, Route, RouteTable } from '@legato/b2bua';
import { leadsToParty } from '@legato/b2bua';
import { SipUri } from '@legato/sip';
import type { TrunkTable } from './trunk-table';

/** Every target of the trunk has asked to be left alone: the caller may come again. */
export class TrunkUnavailable extends Error {
  override readonly name = 'TrunkUnavailable';

  constructor(trunk: string) {
    super(`no target of the trunk ${trunk} takes calls now`);
  }
}

/**
 * Routes over trunks around other routes, which go first: their destinations may name a trunk as the host of a URI, and numbers
 * that they do not know leave by the trunk with the longest fitting prefix.
 */
export class TrunkRoutes implements RouteTable {
  constructor(
    private readonly inner: RouteTable,
    private readonly table: TrunkTable,
  ) {}

  find(user: string, requestUri: string): Route | undefined | Promise<Route | undefined> {
    const found = this.inner.find(user, requestUri);
    return found instanceof Promise
      ? found.then((route) => this.overTrunk(route, user))
      : this.overTrunk(found, user);
  }

  async locate(uri: string): Promise<readonly CallTarget[] | undefined> {
    const parsed = SipUri.parse(uri);
    const number = parsed?.dialled ?? '';
    // A telephone number has no host that could say which way: its prefix does (RFC 3966 §5).
    const trunk = parsed?.scheme === 'tel' ? this.table.forNumber(number) : this.table.forUri(uri);
    if (!trunk) return this.inner.locate?.(uri);
    const targets = this.table.targetsFor(trunk, number);
    if (targets.length === 0) throw new TrunkUnavailable(trunk.name);
    return targets;
  }

  private overTrunk(route: Route | undefined, number: string): Route | undefined | Promise<never> {
    if (route && (!leadsToParty(route) || route.targets)) return route;
    const trunk = route ? this.table.forUri(route.to) : this.table.forNumber(number);
    if (!trunk) return route;
    const user = route ? (SipUri.parse(route.to)?.user ?? '') : number;
    const targets = this.table.targetsFor(trunk, user);
    if (targets.length === 0) return Promise.reject(new TrunkUnavailable(trunk.name));
    return { ...(route ?? { mode: trunk.mode }), to: `sip:${user}@${trunk.domain}`, targets };
  }
}
