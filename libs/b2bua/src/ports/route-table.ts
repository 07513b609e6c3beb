import type { FlowDocument } from '@legato/flows';
import type { BindingTarget } from '@legato/sip';
import type { ApplicationTarget, CallMode, RecordingChannels } from '../call/call-snapshot';

/** One place where a party can be rung: a Request-URI, the flow to send along, the Route to preload. */
export interface CallTarget extends BindingTarget {
  /** Name of the trunk that it belongs to: whose credentials may answer its challenges. */
  readonly account?: string;
  /** URI for To, where it is not that of the party: a trunk knows numbers under its own domain. */
  readonly to?: string;
  /** A trunk whose word on identities counts, and that is told of them (RFC 3325 §3). */
  readonly isTrusted?: true;
  /** It is tried only when the place before it failed, not when the party there refused. */
  readonly isBackup?: true;
}

/** A number that leads to another party. */
export interface PartyRoute {
  /** SIP URI of the destination. */
  readonly to: string;
  readonly mode: CallMode;
  readonly record?: RecordingChannels;
  /** Where `to` is registered, to be rung instead of it: one after the other, those marked so together; none: 480. */
  readonly targets?: readonly CallTarget[];
}

/** A number whose callers end at the media server, in the hands of an application. */
export interface ApplicationRoute {
  readonly target: ApplicationTarget;
  /** The flow of its calls, where none of the library is meant. */
  readonly document?: FlowDocument;
  readonly record?: RecordingChannels;
}

/** Where a number leads. */
export type Route = PartyRoute | ApplicationRoute;

export const leadsToParty = (route: Route): route is PartyRoute => 'to' in route;

/** Routes by the user part of the Request-URI; undefined answers the caller 404. */
export interface RouteTable {
  /** A promise where the location service has to be asked; it rejects when that does not answer (503). */
  find(user: string, requestUri: string): Route | undefined | Promise<Route | undefined>;
  /** Where the user of a URI is registered; undefined for a URI that is nobody's of ours. Rejects as `find` does. */
  locate?(uri: string): Promise<readonly CallTarget[] | undefined>;
}
