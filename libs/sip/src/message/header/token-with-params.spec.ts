import { readTokenWithParams } from './token-with-params';

describe('token with parameters', () => {
  it('is read with blanks around', () => {
    const read = readTokenWithParams(' a.b ; c = d');
    expect([read?.token, read?.params.get('c')]).toEqual(['a.b', 'd']);
  });

  it.each(['', ';a', 'a b', 'a;', 'a,b'])('refuses %j', (text) => {
    expect(readTokenWithParams(text)).toBeUndefined();
  });
});
