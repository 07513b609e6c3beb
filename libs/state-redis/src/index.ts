export type { OwnershipChange } from './node-lease';
export type { Peer } from './redis-call-store';
export { RedisCallStore } from './redis-call-store';
export type { RedisCounters } from './redis-counters';
export { RedisEventLog } from './redis-event-log';
export { RedisNonceLedger } from './redis-nonce-ledger';
export { RedisRegistrationStore } from './redis-registration-store';
export type { RedisState, RedisStateOptions } from './redis-state';
export { createRedisState } from './redis-state';
