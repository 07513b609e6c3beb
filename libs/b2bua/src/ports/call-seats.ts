/** The seats that the calls of an account have, counted over all nodes of a store. Both methods may reject with StoreUnavailable. */
export interface CallSeats {
  /**
   * Whether one of `most` was left for this call; a call that has one keeps it. It is free again after `heldMs`, whatever became of
   * the node.
   */
  take(account: string, callId: string, most: number, heldMs: number): Promise<boolean>;
  giveBack(account: string, callId: string): Promise<void>;
}
