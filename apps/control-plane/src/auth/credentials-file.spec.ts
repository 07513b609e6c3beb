import { ha1Of } from '@legato/sip';
import { parseCredentials } from './credentials-file';

const REALM = 'example.com';
const md5 = (user: string) => ha1Of('MD5', user, REALM, 'canary');
const sha256 = (user: string) => ha1Of('SHA-256', user, REALM, 'canary');

function credentials(content: unknown) {
  const parsed = parseCredentials(JSON.stringify(content));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function complaint(content: unknown): string {
  const parsed = parseCredentials(typeof content === 'string' ? content : JSON.stringify(content));
  return parsed.ok ? '' : parsed.error;
}

describe('the credentials file', () => {
  it('has a realm and the HA1s of its users', () => {
    const ha1 = { MD5: md5('1001').toUpperCase(), 'SHA-256': sha256('1001') };
    const { realms, store } = credentials({ realm: REALM, users: [{ user: '1001', ha1 }] });
    expect(realms).toEqual([{ realm: REALM, algorithms: ['SHA-256', 'MD5'], qop: ['auth'] }]);
    expect(store.find(REALM, '1001')).toEqual({
      user: '1001',
      ha1: { MD5: md5('1001'), 'SHA-256': sha256('1001') },
    });
    expect(store.find(REALM, '1002')).toBeUndefined();
    expect(store.find('other.com', '1001')).toBeUndefined();
    expect(store.find(REALM, 'constructor')).toBeUndefined();
  });

  it('may have passwords, which are hashed at once and not kept', () => {
    const user = { user: '1001', password: 'canary', identities: ['1001', '+4930'] };
    const read = credentials({ realm: REALM, users: [user] });
    const known = read.store.find(REALM, '1001');
    expect(known?.identities).toEqual(['1001', '+4930']);
    expect(known?.ha1).toEqual({
      MD5: md5('1001'),
      'SHA-256': sha256('1001'),
      'SHA-512-256': ha1Of('SHA-512-256', '1001', REALM, 'canary'),
    });
    expect(JSON.stringify([read, known])).not.toContain('canary');
  });

  it('may say what a user may do at most', () => {
    const limits = { calls: 2, prefixes: ['0049', '+49'], duration_s: 3600 };
    const { store } = credentials({ realm: REALM, users: [{ user: '1001', password: 'canary', limits }] });
    expect(store.find(REALM, '1001')?.limits).toEqual({
      calls: 2,
      prefixes: ['0049', '+49'],
      durationS: 3600,
    });
  });

  it.each([{ calls: 0 }, { prefixes: [] }, { prefixes: [' '] }, { duration_s: 86_401 }, { minutes: 1 }])(
    'may not say %j',
    (limits) => {
      const users = [{ user: '1001', password: 'canary', limits }];
      expect(complaint({ realm: REALM, users })).toContain('limits');
    },
  );

  it('may have several realms', () => {
    const users = [{ user: '1001', password: 'canary' }];
    const read = credentials([
      { realm: REALM, users, qop: ['auth', 'auth-int'] },
      { realm: 'other.com', users, algorithms: ['SHA-512-256'] },
    ]);
    expect(read.realms.map(({ realm, algorithms, qop }) => [realm, algorithms, qop])).toEqual([
      [REALM, ['MD5'], ['auth', 'auth-int']],
      ['other.com', ['SHA-512-256'], ['auth']],
    ]);
    expect(read.store.find('other.com', '1001')?.ha1.MD5).toBe(ha1Of('MD5', '1001', 'other.com', 'canary'));
  });

  it.each([
    [[{ MD5: md5('a') }, { MD5: md5('b'), 'SHA-256': sha256('b') }], ['MD5']],
    [[{ 'SHA-512-256': 'a'.repeat(64) }], ['SHA-512-256']],
    [
      [{ MD5: md5('a'), 'SHA-256': sha256('a'), 'SHA-512-256': 'a'.repeat(64) }],
      ['SHA-512-256', 'SHA-256', 'MD5'],
    ],
  ])('offers what every user has an HA1 for (RFC 8760 §2.3): %#', (ha1s, offered) => {
    const users = ha1s.map((ha1, index) => ({ user: String(index), ha1 }));
    expect(credentials({ realm: REALM, users }).realms[0].algorithms).toEqual(offered);
  });

  it('offers MD5 for passwords, and more when told to: most clients fail on a challenge that they do not know', () => {
    const users = [{ user: '1001', password: 'canary' }];
    const offered = (algorithms?: string[]) =>
      credentials({ realm: REALM, users, algorithms }).realms[0].algorithms;
    expect(offered()).toEqual(['MD5']);
    expect(offered(['MD5', 'SHA-256'])).toEqual(['MD5', 'SHA-256']);
  });

  const user = { user: '1001', password: 'canary' };
  it.each([
    ['{"realm": "canary', 'not well-formed JSON'],
    ['"canary"', 'the file: '],
    [{ realm: REALM }, '/users: '],
    [{ realm: REALM, users: [] }, '/users: '],
    [{ realm: 'a"b', users: [user] }, '/realm: expected 1 to 128 printable ASCII characters'],
    [{ realm: REALM, users: [{ user: '1001' }] }, '/users/0: expected either ha1 or password'],
    [
      { realm: REALM, users: [{ ...user, ha1: { MD5: md5('a') } }] },
      '/users/0: expected either ha1 or password',
    ],
    [
      { realm: REALM, users: [{ user: '1', ha1: {} }] },
      '/users/0/ha1: expected one of SHA-512-256, SHA-256, MD5',
    ],
    [
      { realm: REALM, users: [{ user: '1', ha1: { MD5: 'canary' } }] },
      '/users/0/ha1/MD5: expected 32 hexadecimal',
    ],
    [{ realm: REALM, users: [{ user: '1', ha1: { SHA1: 'canary' } }] }, '/users/0/ha1/SHA1: unknown field'],
    [{ realm: REALM, users: [{ ...user, user: 'a:b' }] }, '/users/0/user: expected 1 to 128 characters'],
    [{ realm: REALM, users: [{ ...user, passwd: 'canary' }] }, '/users/0/passwd: unknown field'],
    [{ realm: REALM, users: [user], algorithms: ['SHA-1'] }, '/algorithms/0: expected one of'],
    [{ realm: REALM, users: [user], qop: ['auth-conf'] }, '/qop/0: expected auth or auth-int'],
    [{ realm: REALM, users: [user, user] }, 'realm example.com: user 1001 is there twice'],
    [
      [
        { realm: REALM, users: [user] },
        { realm: 'EXAMPLE.com', users: [user] },
      ],
      'realm EXAMPLE.com: it is there twice',
    ],
    [[{ realm: REALM, users: [{ user: 'x' }] }], '/0/users/0: expected either ha1 or password'],
    [
      { realm: REALM, users: [{ user: 'a', ha1: { MD5: md5('a') } }], algorithms: ['SHA-256'] },
      'realm example.com: expected HA1s of the same algorithms for all users',
    ],
    [
      {
        realm: REALM,
        users: [
          { user: 'a', ha1: { MD5: md5('a') } },
          { user: 'b', ha1: { 'SHA-256': sha256('b') } },
        ],
      },
      'realm example.com: expected HA1s of the same algorithms for all users',
    ],
  ])('is refused in one line that says where and shows no secret: %#', (content, expected) => {
    const said = complaint(content);
    expect(said).toContain(expected);
    expect(said).not.toContain('canary');
    expect(said).not.toContain('\n');
  });
});
