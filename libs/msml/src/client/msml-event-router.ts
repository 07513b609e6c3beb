import type { MsmlEvent } from '../core/event';
import { parseObjectId, rootOfObjectId } from '../core/object-id';

/** Takes the events of an object. */
export type MsmlEventListener = (event: MsmlEvent) => void;

/**
 * Finds who an event is for by its id (§7.4): the listener of "conf:x/dialog:y", or else that of its root "conf:x". Ids are compared
 * as they are, case and all. An event that nobody waits for is counted and dropped.
 */
export class MsmlEventRouter {
  private readonly listeners = new Map<string, MsmlEventListener>();
  private unknownCount = 0;

  /** Events that had no listener so far. */
  get unknown(): number {
    return this.unknownCount;
  }

  /** Objects that are listened to: zero when everything was released. */
  get size(): number {
    return this.listeners.size;
  }

  /**
   * Sends events of `objectId` to `listener` until the answer is called; a later listener of the same object takes its place. Throws
   * a TypeError for what is no identifier of one object.
   */
  listen(objectId: string, listener: MsmlEventListener): () => void {
    if (!parseObjectId(objectId) || objectId.endsWith('*'))
      throw new TypeError('not the identifier of one object');
    this.listeners.set(objectId, listener);
    return () => {
      if (this.listeners.get(objectId) === listener) this.listeners.delete(objectId);
    };
  }

  /** Delivers `event`; false when nobody listens. */
  route(event: MsmlEvent): boolean {
    const root = rootOfObjectId(event.id);
    const listener =
      this.listeners.get(event.id) ?? (root === undefined ? undefined : this.listeners.get(root));
    if (!listener) {
      this.unknownCount += 1;
      return false;
    }
    listener(event);
    return true;
  }
}
