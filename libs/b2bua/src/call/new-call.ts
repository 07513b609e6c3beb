import type { FlowSnapshot } from './flow-snapshot';
import type { ApplicationTarget, CallId, CallMode, CallSnapshot, RecordingChannels } from './call-snapshot';

/** What is known of a call when it begins. */
export interface CallBeginning {
  readonly id: CallId;
  readonly direction: 'inbound' | 'outbound';
  readonly mode: CallMode;
  readonly from: string;
  readonly to: readonly string[];
  readonly now: number;
  readonly ringTimeoutMs: number;
  readonly maxDurationMs: number;
  readonly maxForwards?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly record?: RecordingChannels;
  readonly targets?: CallSnapshot['targets'];
  readonly target?: ApplicationTarget;
  readonly flow?: FlowSnapshot;
  readonly account?: string;
}

/** RFC 3261 §8.1.1.6 */
const INITIAL_MAX_FORWARDS = 70;

export function newSnapshot(beginning: CallBeginning): CallSnapshot {
  return {
    id: beginning.id,
    direction: beginning.direction,
    mode: beginning.mode,
    state: 'queued',
    from: beginning.from,
    to: beginning.to,
    metadata: beginning.metadata ?? {},
    createdAt: beginning.now,
    ringTimeoutMs: beginning.ringTimeoutMs,
    maxDurationMs: beginning.maxDurationMs,
    maxForwards: beginning.maxForwards ?? INITIAL_MAX_FORWARDS,
    recordOnAnswer: beginning.record,
    target: beginning.target,
    flow: beginning.flow && { ...beginning.flow },
    account: beginning.account,
    targets: beginning.targets,
    usages: {},
    roles: {},
    sipCallIds: {},
    opened: 0,
    exchanges: {},
    procedure: null,
    descriptions: {},
    refusals: {},
    parked: [],
    settling: [],
    relays: [],
    recordings: [],
    failedMediaServers: [],
    timers: {},
    sequence: 0,
  };
}
