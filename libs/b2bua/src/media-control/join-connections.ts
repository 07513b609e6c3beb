import type { Call } from '../call/call';
import type { MediaRole } from '../call/call-snapshot';

/** MSML's name of the connection that a media dialog stands for: the media server's To tag (RFC 5707 §6.2). */
export function connectionId(call: Call, role: MediaRole): string {
  return `conn:${call.usage(role)?.state.dialog?.remoteTag ?? ''}`;
}

/** The token of the request that joins the parties. */
export const JOIN = 'join';

/** Lets the parties hear each other (RFC 5707 §8.8); triggers 'joined' or 'join refused'. */
export function joinConnections(call: Call): void {
  call.submit('caller media', JOIN, [
    { element: 'join', id1: connectionId(call, 'caller media'), id2: connectionId(call, 'callee media') },
  ]);
}
