import type { Operation } from './operation';
import { OPERATIONS } from './operations';

/** A key with it may do everything, and it alone lets a key make keys. */
export const ADMIN_SCOPE = 'admin';

/** What every key may read: the description of what it may do. */
const DESCRIPTIONS = ['getOpenApi', 'getAsyncApi', 'getFlowSchema'];

/** The scope that a key needs for an operation, `calls:read` or `calls:write`; undefined where any key will do. */
export function scopeOf({ id, method, open, tag }: Operation): string | undefined {
  if (open || DESCRIPTIONS.includes(id)) return undefined;
  if (tag === 'api-keys') return ADMIN_SCOPE;
  return `${tag}:${method === 'get' ? 'read' : 'write'}`;
}

/** Every scope that a key can have. */
export const SCOPES: readonly string[] = [
  ...new Set([ADMIN_SCOPE, ...OPERATIONS.map(scopeOf).filter((scope) => scope !== undefined)]),
].sort();

/** Whether a key with `scopes` may do what needs `needed`. */
export const isAllowed = (scopes: readonly string[], needed: string | undefined): boolean =>
  needed === undefined || scopes.includes(needed) || scopes.includes(ADMIN_SCOPE);
