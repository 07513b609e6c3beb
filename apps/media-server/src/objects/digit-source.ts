/** A key that was pressed, and for how long. */
export interface PressedDigit {
  readonly digit: string;
  readonly durationMs: number;
}

/** Looks at a digit; true takes it, so that it does not enter the buffer. */
export type DigitTaker = (pressed: PressedDigit) => boolean;

/** Digits that are kept for a later collection: what a person can key ahead. */
const MAX_BUFFERED = 128;

/** The digits of a connection or conference: given to the dialogs that listen, and otherwise buffered (RFC 5707 §9.7.5). */
export class DigitSource {
  private readonly takers = new Set<DigitTaker>();
  private buffered: PressedDigit[] = [];

  /** A digit arrived. Of several takers each sees it, the latest first. */
  receive(pressed: PressedDigit): void {
    let taken = false;
    for (const taker of [...this.takers].reverse()) {
      if (this.takers.has(taker) && taker(pressed)) taken = true;
    }
    if (taken) return;
    this.buffered.push(pressed);
    if (this.buffered.length > MAX_BUFFERED) this.buffered.shift();
  }

  /** Shows `taker` each digit until the answer is called. */
  listen(taker: DigitTaker): () => void {
    this.takers.add(taker);
    return () => void this.takers.delete(taker);
  }

  /** Forgets what was keyed. */
  clear(): void {
    this.buffered = [];
  }

  /** The oldest buffered digit, taken out. */
  shift(): PressedDigit | undefined {
    return this.buffered.shift();
  }
}
