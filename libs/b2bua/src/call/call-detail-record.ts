import type { CallSnapshot, EndedReason, SipOutcome } from './call-snapshot';
import type { LegView } from './call-view';
import { callView } from './call-view';

/** What is left of a call for those who count calls: one per call, written with its end. */
export interface CallDetailRecord {
  /** `cdr_` and the UUID of the call: copies are recognised by it. */
  readonly id: string;
  readonly call_id: string;
  readonly direction: CallSnapshot['direction'];
  readonly mode: CallSnapshot['mode'];
  readonly from: string;
  readonly to: readonly string[];
  readonly target?: CallSnapshot['target'];
  readonly parties: readonly Omit<LegView, 'state'>[];
  readonly started_at: string;
  readonly answered_at?: string;
  readonly ended_at: string;
  /** Since the answer; 0 without one. */
  readonly duration_ms: number;
  readonly ended_reason: EndedReason;
  readonly sip?: SipOutcome;
  readonly recordings: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The record of a call that has ended. */
export function callDetailRecord(snapshot: CallSnapshot): CallDetailRecord {
  const view = callView(snapshot);
  const { direction, mode, from, to, target, answered_at, sip, recordings, metadata } = view;
  const endedAt = snapshot.endedAt ?? snapshot.createdAt;
  return {
    id: view.id.replace('call_', 'cdr_'),
    call_id: view.id,
    direction,
    mode,
    from,
    to,
    target,
    parties: view.legs.map(({ role, uri, sip_call_id }) => ({
      role,
      uri,
      sip_call_id,
    })),
    started_at: view.created_at,
    answered_at,
    ended_at: new Date(endedAt).toISOString(),
    duration_ms: snapshot.answeredAt === undefined ? 0 : endedAt - snapshot.answeredAt,
    ended_reason: snapshot.endedReason ?? 'failed',
    sip,
    recordings,
    metadata,
  };
}
