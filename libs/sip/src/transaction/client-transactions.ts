import type { SipResponse } from '../message/sip-response';
import type { AnyClientTransaction } from './client-machine-transaction';

/** The client transactions and what matches them (RFC 3261 §17.1.3). */
export class ClientTransactions {
  private readonly byBranch = new Map<string, AnyClientTransaction>();
  /** A CANCEL shares the branch of its INVITE. */
  private readonly cancels = new Map<string, AnyClientTransaction>();
  private inviteCount = 0;

  get inviteClient(): number {
    return this.inviteCount;
  }

  get nonInviteClient(): number {
    return this.byBranch.size + this.cancels.size - this.inviteCount;
  }

  add(transaction: AnyClientTransaction): void {
    const table = this.tableFor(transaction.method);
    const earlier = table.get(transaction.branch);
    if (earlier) this.replace(earlier);
    table.set(transaction.branch, transaction);
    if (transaction.method === 'INVITE') this.inviteCount++;
  }

  remove(transaction: AnyClientTransaction): void {
    const table = this.tableFor(transaction.method);
    if (table.get(transaction.branch) !== transaction) return;
    table.delete(transaction.branch);
    if (transaction.method === 'INVITE') this.inviteCount--;
  }

  /** The same request again under its branch, as after a take-over: the newer one goes on. */
  private replace(earlier: AnyClientTransaction): void {
    earlier.abandon();
    this.remove(earlier);
  }

  /** By branch and CSeq method; a response to a Via that we did not write is none of ours (RFC 3261 §18.1.2). */
  find(response: SipResponse): AnyClientTransaction | undefined {
    const { method } = response.cseq;
    const { branch, sentBy } = response.via;
    if (branch === undefined) return undefined;
    const transaction = this.tableFor(method).get(branch);
    return transaction?.method === method && transaction.sentBy === sentBy ? transaction : undefined;
  }

  abandonAll(): void {
    for (const table of [this.byBranch, this.cancels]) {
      for (const each of table.values()) each.abandon();
      table.clear();
    }
    this.inviteCount = 0;
  }

  private tableFor(method: string): Map<string, AnyClientTransaction> {
    return method === 'CANCEL' ? this.cancels : this.byBranch;
  }
}
