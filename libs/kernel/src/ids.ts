import { randomBytes } from 'node:crypto';

/** A string that is not interchangeable with another kind of string. */
export type Branded<Kind extends string> = string & { readonly __kind: Kind };

/** Where identifiers come from; tests pass a counting one. */
export interface IdSource {
  /** `bytes` random bytes as lower-case hexadecimal (96 bits for tags: RFC 3261 §19.3 asks for at least 32). */
  token(bytes: number): string;
  /** A UUID of version 7 (RFC 9562 §5.7): its order is the order of creation, to the millisecond. */
  uuidv7(): string;
}

const POOL_BYTES = 4096;

/** Where the digits of a UUID stand in its text: the time's, lowest first, then what tells its kind, then those by chance. */
const TIME_DIGITS = [12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1, 0];
const [VERSION_DIGIT, VARIANT_DIGIT] = [14, 19];
const RANDOM_DIGITS = [15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35];

const digit = (value: number): number => (value < 10 ? 0x30 : 0x57) + value;

/** Draws from a pool, because one call into the system's generator per identifier is the larger cost. */
class RandomIds implements IdSource {
  private pool = Buffer.alloc(0);
  private used = 0;
  private readonly text = Buffer.alloc(36, '-');

  token(bytes: number): string {
    const from = this.draw(bytes);
    return this.pool.toString('hex', from, from + bytes);
  }

  /** Written digit by digit: put together from parts it would stay a tree of them for as long as it is kept. */
  uuidv7(): string {
    const { text } = this;
    let time = Date.now();
    for (const at of TIME_DIGITS) {
      text[at] = digit(time % 16);
      time = Math.floor(time / 16);
    }
    text[VERSION_DIGIT] = digit(7);
    let from = this.draw(RANDOM_DIGITS.length);
    for (const at of RANDOM_DIGITS) text[at] = digit((this.pool[from++] as number) & 0xf);
    text[VARIANT_DIGIT] = digit(0x8 | ((this.pool[from - 1] as number) >> 6));
    return text.toString('latin1');
  }

  /** Where in the pool the next `bytes` begin. */
  private draw(bytes: number): number {
    if (this.used + bytes > this.pool.length) {
      this.pool = randomBytes(Math.max(POOL_BYTES, bytes));
      this.used = 0;
    }
    this.used += bytes;
    return this.used - bytes;
  }
}

export const randomIds: IdSource = new RandomIds();
