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

/** Draws from a pool, because one call into the system's generator per identifier is the larger cost. */
class RandomIds implements IdSource {
  private pool = Buffer.alloc(0);
  private used = 0;

  token(bytes: number): string {
    if (this.used + bytes > this.pool.length) {
      this.pool = randomBytes(Math.max(POOL_BYTES, bytes));
      this.used = 0;
    }
    this.used += bytes;
    return this.pool.toString('hex', this.used - bytes, this.used);
  }

  uuidv7(): string {
    const time = Date.now().toString(16).padStart(12, '0');
    const random = this.token(10);
    const variant = ((parseInt(random.charAt(3), 16) & 0x3) | 0x8).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(8, 20)}`;
  }
}

export const randomIds: IdSource = new RandomIds();
