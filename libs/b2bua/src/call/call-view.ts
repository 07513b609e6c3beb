import { partyUri } from './party-uri';
import { at, maybeAt } from './view-times';
import { LEG_ROLES, usageNumber, type CallSnapshot, type LegRole } from './call-snapshot';

/** A call as REST shows it. */
export interface CallView {
  readonly id: string;
  readonly state: CallSnapshot['state'];
  readonly ended_reason?: CallSnapshot['endedReason'];
  readonly sip?: CallSnapshot['sip'];
  readonly mode: CallSnapshot['mode'];
  readonly direction: CallSnapshot['direction'];
  readonly from: string;
  readonly to: readonly string[];
  readonly target?: CallSnapshot['target'];
  readonly flow?: FlowView;
  readonly created_at: string;
  readonly answered_at?: string;
  readonly ended_at?: string;
  readonly legs: readonly LegView[];
  /** Parties whom an application has muted. */
  readonly muted?: readonly LegRole[];
  readonly recordings: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Where a call is in its flow. */
interface FlowView {
  readonly id: string;
  readonly version?: number;
  readonly step?: string;
  /** How the flow ended. */
  readonly outcome?: string;
}

export interface LegView {
  readonly role: LegRole;
  readonly uri: string;
  readonly state: string;
  readonly sip_call_id?: string;
}

function legUri(snapshot: CallSnapshot, role: LegRole): string | undefined {
  if (snapshot.direction === 'inbound' && role === 'caller') return snapshot.from;
  return partyUri(snapshot, role);
}

/** The phase of its dialog (RFC 5407 §2), or that there is none yet, or none any more. */
function legState(phase: string | undefined, sipCallId: string | undefined): string {
  return phase?.toLowerCase() ?? (sipCallId === undefined ? 'none' : 'ended');
}

function legView(snapshot: CallSnapshot, role: LegRole): LegView | undefined {
  const uri = legUri(snapshot, role);
  if (uri === undefined) return undefined;
  const usageId = snapshot.roles[role];
  const usage = usageId === undefined ? undefined : snapshot.usages[usageNumber(usageId)];
  const sipCallId = usage?.dialog?.sipCallId ?? usage?.outgoing?.sipCallId ?? snapshot.sipCallIds[role];
  return { role, uri, state: legState(usage?.phase, sipCallId), sip_call_id: sipCallId };
}

function flowView({ flow }: CallSnapshot): FlowView | undefined {
  if (!flow) return undefined;
  const { id, version, state, outcome } = flow;
  return { id, version, step: state?.step, outcome };
}

export function callView(snapshot: CallSnapshot): CallView {
  return {
    id: snapshot.id,
    state: snapshot.state,
    ended_reason: snapshot.endedReason,
    sip: snapshot.sip,
    mode: snapshot.mode,
    direction: snapshot.direction,
    from: snapshot.from,
    to: snapshot.to,
    target: snapshot.target,
    flow: flowView(snapshot),
    created_at: at(snapshot.createdAt),
    answered_at: maybeAt(snapshot.answeredAt),
    ended_at: maybeAt(snapshot.endedAt),
    legs: LEG_ROLES.map((role) => legView(snapshot, role)).filter((leg) => leg !== undefined),
    muted: snapshot.muted,
    recordings: snapshot.recordings.map(({ id }) => id),
    metadata: snapshot.metadata,
  };
}
