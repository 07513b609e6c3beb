import type { AuditedSipDialog } from '@legato/msml';
import type { SdpBody } from '@legato/sip';
import type { MediaReport, SessionAnswer, SessionRequest } from './media-side';

/** What a peer waits for the answer to. */
export type Question =
  | { readonly kind: 'open'; readonly request: SessionRequest }
  | { readonly kind: 'offer'; readonly id: string; readonly body: SdpBody | undefined }
  | { readonly kind: 'execute'; readonly id: string; readonly body: SdpBody };

/** What the media are told of a session. */
export type Notice =
  | { readonly kind: 'acknowledge'; readonly id: string; readonly body: SdpBody | undefined }
  | { readonly kind: 'note dialog'; readonly id: string; readonly dialog: AuditedSipDialog }
  | { readonly kind: 'note probe'; readonly id: string; readonly status: number }
  | { readonly kind: 'end'; readonly id: string };

/** What the media process is told about itself; what has a number is answered under it. */
export type Order =
  | { readonly kind: 'report'; readonly number: number }
  | { readonly kind: 'end dialogs'; readonly number: number }
  | { readonly kind: 'drain' }
  | { readonly kind: 'stop' };

/** From the signalling to the media. */
export type ToMedia =
  | {
      readonly kind: 'ask';
      readonly number: number;
      /** Of the clock that processes share; what is read later must not be done any more. */
      readonly expiresAtMs: number;
      readonly question: Question;
    }
  | Notice
  | Order;

/** From the media to the signalling. */
export type FromMedia =
  | { readonly kind: 'ready' }
  /** Twice a second: ticks that happened and ticks that fell out, since the start. */
  | { readonly kind: 'beat'; readonly kept: number; readonly late: number }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: SessionAnswer }
  | { readonly kind: 'report'; readonly number: number; readonly report: MediaReport }
  | { readonly kind: 'dialogs ended'; readonly number: number }
  | { readonly kind: 'event'; readonly id: string; readonly body: SdpBody }
  | { readonly kind: 'disconnect'; readonly id: string }
  | { readonly kind: 'probe'; readonly id: string };

/** The signalling's end of what connects it with a media process. */
export interface MediaLink {
  readonly pid: number | undefined;
  /** Never blocks and never throws; what is sent to a process that has ended is dropped. */
  send(message: ToMedia): void;
  /** Set by whoever has the link. */
  onMessage: (message: FromMedia) => void;
  /** Called once, with what ended it. */
  onExit: (how: string) => void;
  /** Ends the process whatever it does. */
  kill(): void;
}
