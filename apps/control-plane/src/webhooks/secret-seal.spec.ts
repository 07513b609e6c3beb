import { SecretSeal } from './secret-seal';

describe('the seal of secrets', () => {
  const secret = 'whsec_canary';
  const seal = new SecretSeal('an-operator-key-of-some-length');

  it('keeps a secret readable for whoever has the key', () => {
    const stored = seal.close(secret);
    expect(stored).not.toContain('canary');
    expect(seal.close(secret)).not.toBe(stored);
    expect(new SecretSeal('an-operator-key-of-some-length').open(stored)).toBe(secret);
  });

  it('opens for no other key, none, or when it was tampered with', () => {
    const stored = seal.close(secret);
    expect(new SecretSeal('another-operator-key').open(stored)).toBeUndefined();
    expect(new SecretSeal(undefined).open(stored)).toBeUndefined();
    const bytes = Buffer.from(stored.slice('sealed:'.length), 'base64');
    bytes[bytes.length - 1]! ^= 1;
    for (const text of [`sealed:${bytes.toString('base64')}`, 'sealed:', 'nonsense']) {
      expect(seal.open(text)).toBeUndefined();
    }
  });

  it('leaves a secret as it is without a key, which one who gets a key later still reads', () => {
    expect(seal.open(new SecretSeal(undefined).close(secret))).toBe(secret);
  });
});
