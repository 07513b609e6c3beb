import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = 'sealed:';
const OPEN = 'open:';

/**
 * Makes secrets fit to be stored: encrypted by AES-256-GCM under the operator's key, or as they are without one. What
 * was stored without a key can still be read with one.
 */
export class SecretSeal {
  private readonly key: Buffer | undefined;

  constructor(operatorKey: string | undefined) {
    if (operatorKey === undefined) return;
    this.key = Buffer.from(hkdfSync('sha256', operatorKey, '', 'legato webhook secrets', KEY_BYTES));
  }

  close(secret: string): string {
    if (!this.key) return OPEN + secret;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return SEALED + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  /** Undefined when it was closed under another key. */
  open(stored: string): string | undefined {
    if (stored.startsWith(OPEN)) return stored.slice(OPEN.length);
    if (!this.key || !stored.startsWith(SEALED)) return undefined;
    const bytes = Buffer.from(stored.slice(SEALED.length), 'base64');
    try {
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([body, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
