import type { Connection } from '../objects/connection';

/** What is done with a connection whose INVITE named a service by its Request-URI (RFC 4240). */
export interface SessionService {
  /** Before the 200: takes the connection in. Answers the status of the final response. */
  admit(connection: Connection): 200 | 503;
  /** After the ACK; may be called again. */
  begin(connection: Connection): void;
}
