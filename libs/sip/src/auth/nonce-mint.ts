import type { Clock, IdSource } from '@legato/kernel';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a server nonce turns out to be: ours and in time, ours and too old, or not ours (of another realm or another secret). */
export type NonceCheck =
  | { readonly state: 'fresh'; readonly id: string; readonly expiresInMs: number }
  | { readonly state: 'expired' }
  | { readonly state: 'foreign' };

export interface NonceMintOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Nodes that share it take each other's nonces. */
  readonly secret: string;
  readonly lifetimeMs: number;
}

const TIME_DIGITS = 12;
const ID_BYTES = 12;
const MAC_DIGITS = 32;
const SHAPE = new RegExp(`^([0-9a-f]{${TIME_DIGITS}})([0-9a-f]{${2 * ID_BYTES}})([0-9a-f]{${MAC_DIGITS}})$`);
/** How far the clocks of two nodes may be apart. */
const SKEW_MS = 60_000;

/**
 * Nonces that need no memory: time stamp, random id and an HMAC-SHA-256 (128 bits of it) over both and the realm (RFC 7616 §5.12).
 * Nobody can make one or move it to another realm.
 */
export class NonceMint {
  constructor(private readonly options: NonceMintOptions) {}

  mint(realm: string): string {
    const { clock, ids } = this.options;
    const head = clock.wallTime().toString(16).padStart(TIME_DIGITS, '0') + ids.token(ID_BYTES);
    return head + this.mac(head, realm);
  }

  check(nonce: string, realm: string): NonceCheck {
    const [, time = '', id = '', mac = ''] = SHAPE.exec(nonce) ?? [];
    if (id === '' || !timingSafeEqual(Buffer.from(mac), Buffer.from(this.mac(time + id, realm)))) {
      return { state: 'foreign' };
    }
    const expiresInMs = parseInt(time, 16) + this.options.lifetimeMs - this.options.clock.wallTime();
    const inTime = expiresInMs > 0 && expiresInMs <= this.options.lifetimeMs + SKEW_MS;
    return inTime ? { state: 'fresh', id, expiresInMs } : { state: 'expired' };
  }

  private mac(head: string, realm: string): string {
    const { secret } = this.options;
    return createHmac('sha256', secret).update(`${head}${realm}`).digest('hex').slice(0, MAC_DIGITS);
  }
}
