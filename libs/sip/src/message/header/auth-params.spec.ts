import { decodeAuthParams, encodeAuthParams } from './auth-params';

describe('authentication parameters (§22, §25.1)', () => {
  it('are read with and without quotes, blanks and commas', () => {
    const read = decodeAuthParams('Digest  realm="a, \\"b\\"" ,Nonce=x==, uri=sip:a@b;lr ,stale = FALSE');
    expect(read?.scheme).toBe('Digest');
    expect([...(read?.params ?? [])]).toEqual([
      ['realm', 'a, "b"'],
      ['nonce', 'x=='],
      ['uri', 'sip:a@b;lr'],
      ['stale', 'FALSE'],
    ]);
    expect(decodeAuthParams('NoOneKnowsThisScheme opaque-data=here')?.params.get('opaque-data')).toBe('here');
    expect(decodeAuthParams('Negotiate')?.params.size).toBe(0);
  });

  it.each(['', '"x"', 'Digest realm', 'Digest realm="x', 'Digest =x', 'Digest a=1, a=2', 'Digest a="1" b=2'])(
    'refuses %j',
    (text) => {
      expect(decodeAuthParams(text)).toBeUndefined();
    },
  );

  it('are bounded in number', () => {
    const many = Array.from({ length: 70 }, (_, index) => `p${index}=1`).join(',');
    expect(decodeAuthParams(`Digest ${many}`)).toBeUndefined();
  });

  it('are written with quotes where RFC 7616 wants them', () => {
    const params = new Map([
      ['realm', 'a"b'],
      ['nc', '00000001'],
      ['qop', 'auth'],
    ]);
    expect(encodeAuthParams({ scheme: 'Digest', params })).toBe(
      'Digest realm="a\\"b", nc=00000001, qop="auth"',
    );
    expect(encodeAuthParams({ scheme: 'Digest', params }, ['qop'])).toContain('qop=auth');
    expect(encodeAuthParams({ scheme: 'Bearer', params: new Map() })).toBe('Bearer');
    expect(() => encodeAuthParams({ scheme: 'Digest', params: new Map([['realm', 'a\r\nb']]) })).toThrow(
      TypeError,
    );
  });
});
