import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { DialogState } from './dialog-state';
import { dialogKey } from './dialog-state';

interface Entry<Owner> {
  readonly remoteTag: string;
  readonly owner: Owner;
}

/** Who takes the messages of which dialog, by Call-ID, local tag and remote tag (RFC 3261 §12). */
export class DialogTable<Owner> {
  /** The dialogs of one INVITE that forked differ in their remote tag alone: nearly always there is one. */
  private readonly entries = new Map<string, Entry<Owner>[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Registers the owner of a dialog; a second one for the same dialog replaces the first. */
  add(dialog: DialogState, owner: Owner): void {
    const key = dialogKey(dialog.sipCallId, dialog.localTag);
    const others = (this.entries.get(key) ?? []).filter(({ remoteTag }) => remoteTag !== dialog.remoteTag);
    this.count += others.length + 1 - (this.entries.get(key)?.length ?? 0);
    this.entries.set(key, [...others, { remoteTag: dialog.remoteTag, owner }]);
  }

  remove(dialog: DialogState): void {
    const key = dialogKey(dialog.sipCallId, dialog.localTag);
    const entries = this.entries.get(key);
    if (!entries) return;
    const others = entries.filter(({ remoteTag }) => remoteTag !== dialog.remoteTag);
    this.count -= entries.length - others.length;
    if (others.length === 0) this.entries.delete(key);
    else this.entries.set(key, others);
  }

  /** Whose dialog a request belongs to: its To tag is ours, its From tag the peer's, which may be missing (§12.2.2). */
  find(request: SipRequest): Owner | undefined {
    const localTag = request.to.tag;
    if (localTag === undefined) return undefined;
    return this.exact(request.callId, localTag, request.from.tag ?? '');
  }

  /**
   * Whose INVITE a 2xx answers: its From tag is ours. A To tag that is not known yet is another branch of the same forked
   * INVITE, and belongs to the same owner (§13.2.2.4).
   */
  findByResponse(response: SipResponse): Owner | undefined {
    const localTag = response.from.tag;
    if (localTag === undefined) return undefined;
    const known = this.exact(response.callId, localTag, response.to.tag ?? '');
    return known ?? this.entries.get(dialogKey(response.callId, localTag))?.[0]?.owner;
  }

  private exact(callId: string, localTag: string, remoteTag: string): Owner | undefined {
    const entries = this.entries.get(dialogKey(callId, localTag));
    return entries?.find((entry) => entry.remoteTag === remoteTag)?.owner;
  }
}
