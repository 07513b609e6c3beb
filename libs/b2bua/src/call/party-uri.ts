import type { CallSnapshot, LegRole } from './call-snapshot';

/** The URI at which a party is called, or undefined when the call has none in this place. An inbound call's caller has called us. */
export function partyUri({ direction, to, target, bridge }: CallSnapshot, leg: LegRole): string | undefined {
  if (leg === 'caller') return direction === 'outbound' ? to[0] : undefined;
  if (bridge) return bridge.to;
  if (direction === 'outbound') return to[1];
  return target === undefined ? to[0] : undefined;
}
