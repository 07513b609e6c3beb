import { decodeChallenge, decodeDigestChallenge, encodeDigestChallenge } from './challenge';

describe('WWW-Authenticate and Proxy-Authenticate (§20.44, RFC 7616 §3.3)', () => {
  it('read a Digest challenge', () => {
    const text =
      'Digest realm="atlanta.com", domain="sip:boxesbybob.com", qop="auth, auth-int", nonce="f84f1cec", opaque="", stale=TRUE, algorithm=SHA-256';
    expect(decodeDigestChallenge(text)).toEqual({
      realm: 'atlanta.com',
      domain: 'sip:boxesbybob.com',
      qop: ['auth', 'auth-int'],
      nonce: 'f84f1cec',
      opaque: '',
      stale: true,
      algorithm: 'SHA-256',
    });
    expect(decodeDigestChallenge('digest realm="a",nonce="b"')).toEqual({
      realm: 'a',
      nonce: 'b',
      qop: [],
      stale: false,
      algorithm: 'MD5',
    });
  });

  it.each(['Basic realm="a"', 'Digest realm="a"', 'Digest nonce="a"', 'Digest'])(
    'find no Digest challenge in %s',
    (text) => {
      expect(decodeDigestChallenge(text)).toBeUndefined();
    },
  );

  it('keep other schemes as parameters', () => {
    expect(decodeChallenge('Bearer authz_server="https://a"')?.params.get('authz_server')).toBe('https://a');
  });

  it('write what they read', () => {
    const challenge = {
      realm: 'a',
      nonce: 'b',
      qop: ['auth'],
      stale: true,
      algorithm: 'SHA-256',
      opaque: 'o',
      domain: 'sip:a',
    };
    const text = encodeDigestChallenge(challenge);
    expect(text).toBe(
      'Digest realm="a", domain="sip:a", nonce="b", opaque="o", stale=true, algorithm=SHA-256, qop="auth"',
    );
    expect(decodeDigestChallenge(text)).toEqual(challenge);
  });
});
