import type { Headers } from '../headers';
import { NameAddr } from '../name-addr';

/** The values of Route, Record-Route, Path or Service-Route in order (RFC 3261 §20.30, §20.34); undefined when one is malformed. */
export function decodeRoutes(
  headers: Headers,
  name: 'Route' | 'Record-Route' | 'Path' | 'Service-Route',
): NameAddr[] | undefined {
  const routes: NameAddr[] = [];
  for (const value of headers.getAll(name)) {
    const route = NameAddr.parse(value);
    if (!route) return undefined;
    routes.push(route);
  }
  return routes;
}

/** True when the route's URI has `lr`: its owner is a loose router (§16.12, §19.1.1). */
export const isLooseRoute = (route: NameAddr): boolean => route.sipUri?.params.has('lr') ?? false;

export const encodeRoutes = (routes: readonly NameAddr[]): string => routes.map(String).join(', ');
