import type { DigitOptions, MediaConnection } from '@legato/media';
import type { AuditedSipDialog } from '@legato/msml';
import type { DialogTarget } from './dialog-target';
import { DigitSource } from './digit-source';

/** The SIP side of a connection, as the interpreter needs it. */
export interface ConnectionPeer {
  /** Sends the events that wait, then BYE. */
  disconnect(): void;
  /** For audits: its SIP dialog, and the session descriptions in force. */
  describe(): { sipdialog: AuditedSipDialog; localsdp?: string; remotesdp?: string };
}

/** The media of one SIP dialog (RFC 5707 §6.1); its name is our tag, case and all (§6.2). */
export class Connection implements DialogTarget {
  readonly digits = new DigitSource();
  /** The audio encoding that was negotiated last; undefined before. */
  format: string | undefined;

  constructor(
    readonly id: string,
    readonly media: MediaConnection,
    readonly peer: ConnectionPeer,
  ) {
    media.onDigit((digit, durationMs) => this.digits.receive({ digit, durationMs }));
  }

  sendDigits(digits: string, options: DigitOptions): void {
    this.media.sendDigits(digits, options);
  }

  disconnect(): void {
    this.peer.disconnect();
  }
}
