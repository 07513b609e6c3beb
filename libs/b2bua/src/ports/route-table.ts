import type { CallMode, RecordingChannels } from '../call/call-snapshot';

/** Where a number leads. */
export interface Route {
  /** SIP URI of the destination. */
  readonly to: string;
  readonly mode: CallMode;
  readonly record?: RecordingChannels;
}

/** Routes from the user part of the Request-URI; undefined answers the caller 404. */
export interface RouteTable {
  find(user: string): Route | undefined;
}
