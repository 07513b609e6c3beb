import type { MsmlDialect } from '@legato/msml';

/** A media server that can be asked for work. */
export interface MediaServerChoice {
  /** `sip:host:port` */
  readonly uri: string;
  /** How it writes and reads MSML. */
  readonly dialect: MsmlDialect;
  /** How long it may take to answer an INVITE, in milliseconds; undefined: as any other. */
  readonly answerMs?: number;
  /** How long msml.dialog.exit may lag behind what announced it, in milliseconds; undefined: as any other. */
  readonly exitGraceMs?: number;
}

/** Which media server takes a call's media, and how much each has on its hands. */
export interface MediaServerPool {
  /**
   * The next one that takes new work and is not in `except`, or undefined when none is left. `preferred` is answered as long as it
   * works at all, draining or not: what belongs together stays together.
   */
  choose(except: readonly string[], preferred?: string): MediaServerChoice | undefined;
  /** What is known of the server at `uri`; undefined when it is not, or no longer, in the pool. */
  find(uri: string): MediaServerChoice | undefined;
  /** It did not answer or refused an INVITE. */
  reportFailure(uri: string): void;
  reportSuccess(uri: string): void;
  /** The dialog `usageId` stands for a connection at the server, until it is released. */
  hold(uri: string, usageId: string): void;
  /** The connection is gone; one that is not held is no matter. */
  release(usageId: string): void;
}
