import type { MsmlEvent } from '@legato/msml';

/**
 * Where the events of an object go: the SIP dialog that carried the request which caused them, in the dialect of that
 * request (RFC 5707 §3.1). When that dialog is gone, they are discarded.
 */
export interface EventSink {
  /** The connection id of that SIP dialog. */
  readonly controller: string;
  /** Which event brings the results of an exit: §7.4 and §9.6.1 say different things, and so do the servers of the field. */
  readonly exitResults: 'moml.exit' | 'msml.dialog.exit';
  send(event: MsmlEvent): void;
}
