import type { DigitOptions } from '@legato/media';
import type { DigitSource } from './digit-source';

/** What a dialog can be started on: a connection or a conference (RFC 5707 §9.6.1). */
export interface DialogTarget {
  /** `conn:…` or `conf:…` */
  readonly id: string;
  readonly digits: DigitSource;
  sendDigits(digits: string, options: DigitOptions): void;
  /** Ends its SIP dialog, when it has one, after the events that wait (§9.6.5). */
  disconnect(): void;
}
