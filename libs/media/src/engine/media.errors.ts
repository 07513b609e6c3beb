/** NO_SUCH_OBJECT: no connection or conference of this id. EXISTS: the id is taken. STOPPED: the engine has been stopped. */
export type MediaErrorCode = 'NO_SUCH_OBJECT' | 'EXISTS' | 'STOPPED';

/** An operation that the engine can not do with the objects it has. */
export class MediaObjectError extends Error {
  constructor(
    readonly code: MediaErrorCode,
    readonly objectId: string,
  ) {
    super(`${code}: ${objectId}`);
  }
}
