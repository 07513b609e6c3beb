import { randomIds } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { NonceMint } from './nonce-mint';

const LIFETIME_MS = 300_000;

function mintOf(clock: FakeClock, secret = 'secret') {
  return new NonceMint({ clock, ids: randomIds, secret, lifetimeMs: LIFETIME_MS });
}

describe('a server nonce (RFC 7616 §3.3, §5.12)', () => {
  it('is fresh until its time has passed, then expired', () => {
    const clock = new FakeClock();
    const mint = mintOf(clock);
    const nonce = mint.mint('biloxi.com');
    expect(mint.check(nonce, 'biloxi.com')).toMatchObject({ state: 'fresh', expiresInMs: LIFETIME_MS });
    clock.advance(LIFETIME_MS - 1);
    expect(mint.check(nonce, 'biloxi.com')).toMatchObject({ state: 'fresh', expiresInMs: 1 });
    clock.advance(1);
    expect(mint.check(nonce, 'biloxi.com')).toEqual({ state: 'expired' });
  });

  it('is never the same twice, and its id does not give it away', () => {
    const mint = mintOf(new FakeClock());
    const nonces = Array.from({ length: 100 }, () => mint.mint('biloxi.com'));
    expect(new Set(nonces).size).toBe(100);
    const check = mint.check(nonces[0] ?? '', 'biloxi.com');
    expect(check.state === 'fresh' && check.id.length).toBe(24);
  });

  it('is bound to its realm', () => {
    const mint = mintOf(new FakeClock());
    expect(mint.check(mint.mint('biloxi.com'), 'atlanta.com')).toEqual({ state: 'foreign' });
  });

  it('is taken by a node with the same secret, by no other', () => {
    const clock = new FakeClock();
    const nonce = mintOf(clock).mint('biloxi.com');
    expect(mintOf(clock).check(nonce, 'biloxi.com').state).toBe('fresh');
    expect(mintOf(clock, 'another').check(nonce, 'biloxi.com')).toEqual({ state: 'foreign' });
  });

  it('can not be made longer-lived: any changed digit makes it foreign', () => {
    const mint = mintOf(new FakeClock());
    const nonce = mint.mint('biloxi.com');
    for (let i = 0; i < nonce.length; i++) {
      const digit = nonce.charAt(i) === '0' ? '1' : '0';
      const forged = nonce.slice(0, i) + digit + nonce.slice(i + 1);
      expect(mint.check(forged, 'biloxi.com')).toEqual({ state: 'foreign' });
    }
  });

  it.each(['', 'x', 'b54499e4-9083-4853-a1c4-d9b0756af9a2', '0'.repeat(68), '0'.repeat(10_000)])(
    'is not %.20j',
    (nonce) => {
      expect(mintOf(new FakeClock()).check(nonce, 'biloxi.com')).toEqual({ state: 'foreign' });
    },
  );

  it('of a node whose clock is a little ahead is fresh, of one far ahead it is not', () => {
    const early = new FakeClock();
    const late = new FakeClock();
    late.advance(60_000);
    const nonce = mintOf(late).mint('biloxi.com');
    expect(mintOf(early).check(nonce, 'biloxi.com').state).toBe('fresh');
    late.advance(1);
    expect(mintOf(early).check(mintOf(late).mint('biloxi.com'), 'biloxi.com').state).toBe('expired');
  });
});
