import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from './config';
import { readConfig } from './config';

const folder = mkdtempSync(join(tmpdir(), 'legato-auth-'));
const path = join(folder, 'file.json');
const write = (content: unknown) => writeFileSync(path, JSON.stringify(content));
afterAll(() => rmSync(folder, { recursive: true }));

function config(env: Record<string, string>): Config {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.error.join());
  return read.value;
}

function complaints(env: Record<string, string>): readonly string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.error;
}

const CREDENTIALS = { realm: 'example.com', users: [{ user: '1001', password: 'canary' }] };
const TRUNKS = [{ name: 'carrier', targets: ['sip:192.0.2.1'], sources: ['192.0.2.1'] }];

describe('the configuration of authentication', () => {
  it('asks nobody unless there are credentials', () => {
    const { authentication, trunks } = config({});
    expect(authentication).toEqual({ challengeStatus: 401 });
    expect([trunks.trunks, trunks.sources.size]).toEqual([[], 0]);
  });

  it('is read from the credentials file', () => {
    write(CREDENTIALS);
    const secret = 'canary-canary-canary';
    const env = { LEGATO_CREDENTIALS: path, LEGATO_SIP_CHALLENGE: '407', LEGATO_DIGEST_SECRET: secret };
    const { authentication } = config(env);
    expect(authentication).toMatchObject({ challengeStatus: 407, secret });
    expect(authentication.credentials?.store.find('example.com', '1001')).toBeDefined();
  });

  it('names what is wrong in one line, and no secret', () => {
    write({ ...CREDENTIALS, users: [{ user: '1001', password: 'canary', x: 1 }] });
    expect(complaints({ LEGATO_CREDENTIALS: path })).toEqual([
      `LEGATO_CREDENTIALS=${JSON.stringify(path)}: /users/0/x: unknown field`,
    ]);
    expect(complaints({ LEGATO_CREDENTIALS: join(folder, 'none') })[0]).toContain(
      'expected a readable JSON file (ENOENT)',
    );
    expect(complaints({ LEGATO_SIP_CHALLENGE: '403' })).toEqual([
      'LEGATO_SIP_CHALLENGE="403": expected 401 or 407',
    ]);
    expect(complaints({ LEGATO_DIGEST_SECRET: 'canary' })).toEqual([
      'LEGATO_DIGEST_SECRET=(not shown): expected 16 to 256 printable ASCII characters without blanks',
    ]);
  });
});

describe('the configuration of trunks', () => {
  it('is read from the trunks file', () => {
    write(TRUNKS);
    const { trunks } = config({ LEGATO_TRUNKS: path });
    expect(trunks.trunks.map(({ name }) => name)).toEqual(['carrier']);
    expect(trunks.sources.has('192.0.2.1')).toBe(true);
    write([{ ...TRUNKS[0], name: '' }]);
    expect(complaints({ LEGATO_TRUNKS: path })[0]).toMatch(/^LEGATO_TRUNKS=.*: \/0\/name: expected/);
  });

  it.each(['0.0.0.0', '192.0.2.9', '::'])('is refused on %s as long as anybody may call', (host) => {
    write(TRUNKS);
    const open = { LEGATO_TRUNKS: path, LEGATO_SIP_HOST: host };
    expect(complaints(open)).toEqual([
      `LEGATO_TRUNKS=${JSON.stringify(path)}: expected LEGATO_CREDENTIALS or LEGATO_SIP_ALLOW to be set beside it, or SIP on loopback`,
    ]);
    expect(complaints({ ...open, LEGATO_SIP_ALLOW: '10.0.0.0/8' })).toEqual([]);
    expect(complaints({ ...open, LEGATO_SIP_HOST: '127.0.0.1' })).toEqual([]);
    const users = join(folder, 'users.json');
    writeFileSync(users, JSON.stringify(CREDENTIALS));
    expect(complaints({ ...open, LEGATO_CREDENTIALS: users })).toEqual([]);
  });
});
