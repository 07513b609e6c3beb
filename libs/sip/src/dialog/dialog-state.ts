import type { Flow } from '../message/flow';

/** A dialog as plain JSON, as it stands in the store (RFC 3261 §12). */
export interface DialogState {
  sipCallId: string;
  localTag: string;
  /** Empty for an RFC 2543 peer. */
  remoteTag: string;
  /** Our From or To value without its tag: `"Display" <sip:...>`. */
  localUri: string;
  remoteUri: string;
  /** The URI of the peer's Contact. */
  remoteTarget: string;
  /** Raw Route values in the order to be sent. */
  routeSet: string[];
  /** CSeq number of our last request; 0 before the first. */
  localCSeq: number;
  /** CSeq number of the peer's last request; null before the first. */
  remoteCSeq: number | null;
  state: 'early' | 'confirmed' | 'terminated';
  /** Who sent the INVITE: the UAC owns the Call-ID. */
  role: 'UAC' | 'UAS';
  /** The flow of the peer's last request: the way back to a peer behind NAT. */
  flow?: Flow;
}

export const dialogKey = (callId: string, localTag: string): string => `${callId};${localTag}`;
