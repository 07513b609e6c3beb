import type { CallId } from '../call/call-snapshot';

/** Conferences that flows put callers into. */
export interface FlowConferences {
  /**
   * Makes a call a participant of the open conference of that name, or of a new one; false when it can not be. That it is out
   * again is told by OnConferenceLeft. Never rejects.
   */
  join(name: string, call: CallId, attendance: { readonly muted?: boolean }): Promise<boolean>;
}
