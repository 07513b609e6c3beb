import type { Route, RouteTable } from '@legato/b2bua';

/** A destination: the bindings of the user that was dialled. */
export const REGISTERED = 'registered';
/** A destination: the bindings of the user whose name follows. */
export const USER_PREFIX = 'user:';

/** A route of the routes file: `number` is exact, or a prefix with a trailing `*`. */
export type NumberedRoute = Route & { readonly number: string };

/** Routes by number: the exact one goes before any prefix, a longer prefix before a shorter one. */
export class NumberRoutes implements RouteTable {
  private readonly exact = new Map<string, NumberedRoute>();
  /** Longest first. */
  private readonly prefixes: readonly { readonly prefix: string; readonly route: NumberedRoute }[];

  constructor(routes: readonly NumberedRoute[]) {
    for (const route of routes) {
      if (!route.number.endsWith('*')) this.exact.set(route.number, route);
    }
    this.prefixes = routes
      .filter(({ number }) => number.endsWith('*'))
      .map((route) => ({ prefix: route.number.slice(0, -1), route }))
      .sort((a, b) => b.prefix.length - a.prefix.length);
  }

  find(user: string): Route | undefined {
    return this.exact.get(user) ?? this.prefixes.find(({ prefix }) => user.startsWith(prefix))?.route;
  }
}
