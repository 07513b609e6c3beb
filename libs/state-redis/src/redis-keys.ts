/** Every key that Legato has in Redis. All of them carry a time to live. */
export interface RedisKeys {
  /** Hash of a node: `e` epoch, `x` epochs fenced up to, `b` birth of this hash, `s` first seen without a lease. */
  node(nodeId: string): string;
  /** The node lives as long as this key does; its value is the epoch. */
  lease(nodeId: string): string;
  /** Set of the ids of the live calls of a node. */
  own(nodeId: string): string;
  /** Hash of a call: `o` owner, `f` owner's epoch, `g` generation, `v` version, `op` last write, `s` state, `x` ended, `c` claim. */
  call(callId: string): string;
  /** What `call` puts before the id, for functions that meet ids only inside Redis. */
  readonly callPrefix: string;
  /** As `callPrefix`, for nodes, leases and their sets. */
  readonly nodePrefix: string;
  readonly leasePrefix: string;
  readonly ownPrefix: string;
  /** Sorted set of node ids, scored by the last heartbeat. */
  readonly nodes: string;
  /** Sorted set of call ids, all with score 0: in the order of the ids. */
  readonly ids: string;
  /** Sorted set of call ids, scored by the time they may expire at. */
  readonly expiry: string;
  /** Hash of an address-of-record: `v` version, `op` last write, `s` bindings, `n` sequence of its last event. */
  registration(aor: string): string;
  readonly registrationPrefix: string;
  /** Sorted set of the addresses-of-record with bindings, all with score 0: in the order of their text. */
  readonly registrations: string;
  /** Sorted set of the same, scored by the time at which the first binding expires. */
  readonly registrationsDue: string;
  /** Hash of the documents of a collection by id. */
  documents(collection: string): string;
  /** Stream of the event log. */
  readonly events: string;
  /** Stream of call detail records. */
  readonly cdrs: string;
  /** Marks an append to the log as done, for the time in which it may be sent again. */
  appended(opId: string): string;
  /** Sorted set with the highest count that a digest nonce was used with. */
  nonce(nonceId: string): string;
  /** Sorted set of the calls of an account, by the time at which their seats are free again by themselves. */
  seats(account: string): string;
}

/** The keys under one prefix; Legatos with different prefixes share a Redis without meeting. */
export function redisKeys(prefix: string): RedisKeys {
  const callPrefix = `${prefix}call:`;
  const nodePrefix = `${prefix}node:`;
  const leasePrefix = `${prefix}lease:`;
  const ownPrefix = `${prefix}own:`;
  const registrationPrefix = `${prefix}registration:`;
  return {
    node: (nodeId) => nodePrefix + nodeId,
    lease: (nodeId) => leasePrefix + nodeId,
    own: (nodeId) => ownPrefix + nodeId,
    call: (callId) => callPrefix + callId,
    callPrefix,
    nodePrefix,
    leasePrefix,
    ownPrefix,
    nodes: `${prefix}nodes`,
    ids: `${prefix}ids`,
    expiry: `${prefix}expiry`,
    registration: (aor) => registrationPrefix + aor,
    registrationPrefix,
    registrations: `${prefix}registrations`,
    registrationsDue: `${prefix}registrations:due`,
    documents: (collection) => `${prefix}documents:${collection}`,
    events: `${prefix}events`,
    cdrs: `${prefix}cdrs`,
    appended: (opId) => `${prefix}appended:${opId}`,
    nonce: (nonceId) => `${prefix}nonce:${nonceId}`,
    seats: (account) => `${prefix}seats:${account}`,
  };
}
