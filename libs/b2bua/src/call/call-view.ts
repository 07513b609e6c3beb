import {
  LEG_ROLES,
  usageNumber,
  type CallSnapshot,
  type LegRole,
  type RecordingSnapshot,
} from './call-snapshot';

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
  readonly created_at: string;
  readonly answered_at?: string;
  readonly ended_at?: string;
  readonly legs: readonly LegView[];
  readonly recordings: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface LegView {
  readonly role: LegRole;
  readonly uri: string;
  readonly state: string;
  readonly sip_call_id?: string;
}

/** A recording as REST shows it; `file` stays inside. */
export interface RecordingView {
  readonly id: string;
  readonly call_id: string;
  readonly state: RecordingSnapshot['state'];
  readonly channels: RecordingSnapshot['channels'];
  readonly created_at: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly duration_ms?: number;
  readonly error?: RecordingSnapshot['error'];
  readonly file?: string;
}

const at = (epochMs: number) => new Date(epochMs).toISOString();
const maybeAt = (epochMs: number | undefined) => (epochMs === undefined ? undefined : at(epochMs));

function legUri(snapshot: CallSnapshot, role: LegRole): string | undefined {
  if (snapshot.direction === 'inbound') return role === 'caller' ? snapshot.from : snapshot.to[0];
  return role === 'caller' ? snapshot.to[0] : snapshot.to[1];
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
    created_at: at(snapshot.createdAt),
    answered_at: maybeAt(snapshot.answeredAt),
    ended_at: maybeAt(snapshot.endedAt),
    legs: LEG_ROLES.map((role) => legView(snapshot, role)).filter((leg) => leg !== undefined),
    recordings: snapshot.recordings.map(({ id }) => id),
    metadata: snapshot.metadata,
  };
}

export function recordingView(snapshot: CallSnapshot, recording: RecordingSnapshot): RecordingView {
  return {
    id: recording.id,
    call_id: snapshot.id,
    state: recording.state,
    channels: recording.channels,
    created_at: at(recording.createdAt),
    started_at: maybeAt(recording.startedAt),
    ended_at: maybeAt(recording.endedAt),
    duration_ms: recording.durationMs,
    error: recording.error,
    file: recording.file,
  };
}
