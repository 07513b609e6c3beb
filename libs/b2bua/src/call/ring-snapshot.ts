import type { CallTarget } from '../ports/route-table';
import type { LegRole } from './call-snapshot';

/** One of several places of a party that ring at the same time. */
export interface RingBranch {
  readonly usage: string;
  /** Other ways to the same place, should this one fail. */
  readonly backups: CallTarget[];
  /** The session description of its early media. */
  description?: string;
}

/** The places of a party that ring at the same time, two at least; the party's role is with the one that spoke last. */
export interface RingSnapshot {
  readonly leg: LegRole;
  branches: RingBranch[];
}
