import type { Clock, Timer } from '@legato/kernel';

const NEVER = Infinity;

/**
 * The timers of a transaction that is still waiting: one that repeats (A, E, G) and one that ends it (B, F, H), by the RFC's
 * letters. Only the earlier one is armed on the clock, so that a transaction without retransmission costs one timer here.
 */
export class TransactionTimers<Letter extends string> {
  private repeat: Letter | undefined;
  private repeatAt = NEVER;
  private limit: Letter | undefined;
  private limitAt = NEVER;
  private armed: Timer | undefined;
  private armedAt = NEVER;

  constructor(
    private readonly clock: Clock,
    private readonly fire: (letter: Letter) => void,
  ) {}

  startRepeat(letter: Letter, delayMs: number): void {
    this.repeat = letter;
    this.repeatAt = this.clock.now() + delayMs;
    this.arm();
  }

  startLimit(letter: Letter, delayMs: number): void {
    this.limit = letter;
    this.limitAt = this.clock.now() + delayMs;
    this.arm();
  }

  stopRepeat(): void {
    this.repeatAt = NEVER;
    this.arm();
  }

  stop(): void {
    this.repeatAt = NEVER;
    this.limitAt = NEVER;
    this.arm();
  }

  private arm(): void {
    const at = Math.min(this.repeatAt, this.limitAt);
    if (at === this.armedAt) return;
    this.armed?.cancel();
    this.armed = undefined;
    this.armedAt = at;
    if (at !== NEVER) this.armed = this.clock.schedule(at - this.clock.now(), () => this.expire());
  }

  private expire(): void {
    this.armed = undefined;
    this.armedAt = NEVER;
    const letter = this.takeEarlier();
    if (letter !== undefined) this.fire(letter);
    this.arm();
  }

  private takeEarlier(): Letter | undefined {
    if (this.limitAt <= this.repeatAt) {
      this.limitAt = NEVER;
      return this.limit;
    }
    this.repeatAt = NEVER;
    return this.repeat;
  }
}
