import type { Call } from '../call/call';
import { openMedia } from '../media-control/media-session';

/** Starts to move a direct call to the media server. */
export function beginMove(call: Call): void {
  call.begin('move-to-media', 'Getting caller offer');
  openMedia(call, 'caller');
}
