import type { HoldState } from '../use-cases/hold.machine';
import type { CommandSnapshot } from './call-snapshot';

/** That an application has put the parties on hold, or is about to; missing when it has not. */
export interface HoldSnapshot {
  state: HoldState;
  command?: CommandSnapshot;
}
