import { decodeAuthenticationInfo } from './authentication-info';

describe('Authentication-Info (§20.6)', () => {
  it('is a list without a scheme', () => {
    expect(decodeAuthenticationInfo('nextnonce="47364c23", qop=auth')?.get('nextnonce')).toBe('47364c23');
    expect(decodeAuthenticationInfo('nextnonce="')).toBeUndefined();
  });
});
