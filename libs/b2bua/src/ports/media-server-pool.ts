/** A media server that can be asked for work. */
export interface MediaServerChoice {
  /** `sip:host:port` */
  readonly uri: string;
}

/** Which media server takes a call's media. */
export interface MediaServerPool {
  /** The next one that is not in `except`, or undefined when none is left. */
  choose(except: readonly string[]): MediaServerChoice | undefined;
  /** It did not answer or refused an INVITE. */
  reportFailure(uri: string): void;
  reportSuccess(uri: string): void;
}
