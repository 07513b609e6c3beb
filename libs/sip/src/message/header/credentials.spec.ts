import { decodeCredentials, decodeDigestCredentials, encodeDigestCredentials } from './credentials';

const full = {
  username: 'bob',
  realm: 'biloxi.com',
  nonce: 'dcd98b',
  uri: 'sip:bob@biloxi.com',
  response: '6629fae49393a05397450978507c4ef1',
  algorithm: 'MD5',
  qop: 'auth',
  cnonce: '0a4f113b',
  nc: '00000001',
  opaque: '5ccc',
};

describe('Authorization and Proxy-Authorization (§20.7, RFC 7616 §3.4)', () => {
  it('write qop and nc without quotes, and read what they wrote', () => {
    const text = encodeDigestCredentials(full);
    expect(text).toContain('qop=auth, cnonce="0a4f113b", nc=00000001');
    expect(decodeDigestCredentials(text)).toEqual(full);
  });

  it('read a quoted qop, and none', () => {
    expect(
      decodeDigestCredentials(encodeDigestCredentials(full).replace('qop=auth', 'qop="auth"'))?.qop,
    ).toBe('auth');
    const old = decodeDigestCredentials('Digest username="a",realm="b",nonce="",uri="sip:c",response=""');
    expect(old).toEqual({
      username: 'a',
      realm: 'b',
      nonce: '',
      uri: 'sip:c',
      response: '',
      algorithm: 'MD5',
    });
  });

  it.each(['username', 'realm', 'nonce', 'uri', 'response'])('are none without %s', (name) => {
    expect(
      decodeDigestCredentials(encodeDigestCredentials(full).replace(`${name}=`, 'other=')),
    ).toBeUndefined();
  });

  it('keep other schemes as parameters', () => {
    expect(decodeDigestCredentials('Bearer x=y')).toBeUndefined();
    expect(decodeCredentials('Bearer x=y')?.params.get('x')).toBe('y');
  });
});
