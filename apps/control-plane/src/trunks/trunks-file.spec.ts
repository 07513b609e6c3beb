import { ha1Of } from '@legato/sip';
import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { TrunkTable } from './trunk-table';
import { parseTrunks } from './trunks-file';

const TRUNK = { name: 'carrier', targets: ['sip:192.0.2.1:5060', 'sips:gw.carrier.example;transport=tcp'] };
const ACCOUNT = { realm: 'carrier.example', user: 'legato', password: 'canary' };

function trunks(...entries: object[]) {
  const parsed = parseTrunks(JSON.stringify(entries));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('the trunks file', () => {
  it('names targets, and what is usual for the rest', () => {
    const { trunks: read, sources } = trunks(TRUNK);
    expect(read).toEqual([
      { ...TRUNK, prefixes: [], domain: '192.0.2.1', mode: 'direct', followsRedirects: false },
    ]);
    expect(sources.size).toBe(0);
  });

  it('has the account of each trunk as HA1s: no password is kept', () => {
    const { trunks: read } = trunks({
      ...TRUNK,
      ...ACCOUNT,
      mode: 'anchored',
      redirects: 'follow',
      prefixes: ['+'],
    });
    expect(read[0]).toMatchObject({
      domain: 'carrier.example',
      mode: 'anchored',
      followsRedirects: true,
      prefixes: ['+'],
      account: {
        name: 'carrier',
        realm: 'carrier.example',
        user: 'legato',
        ha1: { MD5: ha1Of('MD5', 'legato', 'carrier.example', 'canary') },
      },
    });
    expect(JSON.stringify(read)).not.toContain('canary');
    const ha1 = { MD5: 'A'.repeat(32) };
    const hashed = trunks({ ...TRUNK, realm: 'r', user: 'u', ha1 }).trunks[0];
    expect(hashed?.account?.ha1).toEqual({ MD5: 'a'.repeat(32) });
  });

  it.each([
    ['carrier.example', 'carrier.example'],
    ['Carrier of the North', '192.0.2.1'],
  ])('writes calls to %s to the host %s', (realm, domain) => {
    expect(trunks({ ...TRUNK, ...ACCOUNT, realm }).trunks[0]?.domain).toBe(domain);
  });

  it('trusts sources and targets of a trunk that says so, and no other', () => {
    const sources = ['198.51.100.0/28'];
    const other = { name: 'other', targets: ['sip:192.0.2.9'], sources: ['203.0.113.1'] };
    const { trusted, trunks: read } = trunks({ ...TRUNK, sources, trusted: true }, other);
    const hosts = ['192.0.2.1', '198.51.100.3', '192.0.2.9', '203.0.113.1'];
    expect(hosts.map((host) => trusted.has(host))).toEqual([true, true, false, false]);
    const table = new TrunkTable({ trunks: read, clock: new FakeClock(), log: silentLog });
    const targets = read.map((trunk) => table.targetsFor(trunk, '1')[0]?.isTrusted);
    expect(targets).toEqual([true, undefined]);
  });

  it('tells where calls of trunks come from', () => {
    const other = { name: 'other', targets: ['sip:[2001:db8::1]:5060'], sources: ['2001:db8::/64'] };
    const { sources, trunks: read } = trunks({ ...TRUNK, sources: ['192.0.2.0/28'] }, other);
    expect(['192.0.2.15', '192.0.2.16', '2001:db8::9'].map((host) => sources.has(host))).toEqual([
      true,
      false,
      true,
    ]);
    expect(read[1]?.domain).toBe('[2001:db8::1]');
  });

  it.each([
    ['[{"name": "canary"', 'not well-formed JSON'],
    [{ trunks: [] }, 'the file: '],
    [[{ ...TRUNK, name: 'Carrier' }], '/0/name: expected 1 to 64 lower-case letters, digits or dashes'],
    [[{ ...TRUNK, targets: [] }], '/0/targets: '],
    [[{ ...TRUNK, targets: ['tel:1'] }], '/0/targets/0: expected a SIP URI without user'],
    [[{ ...TRUNK, targets: ['sip:bob@192.0.2.1'] }], '/0/targets/0: expected a SIP URI without user'],
    [[{ ...TRUNK, targets: ['sip:192.0.2.1?X=1'] }], '/0/targets/0: expected a SIP URI without user'],
    [[{ ...TRUNK, realm: 'r' }], '/0: expected realm and user together'],
    [[{ ...TRUNK, password: 'canary' }], '/0: expected realm and user together'],
    [[{ ...TRUNK, realm: 'r', user: 'u' }], '/0: expected either ha1 or password'],
    [[{ ...TRUNK, sources: ['10.0.0.0/8', 'here'] }], '/0/sources/1: expected an IP address or a range'],
    [[{ ...TRUNK, prefixes: [''] }], '/0/prefixes/0: expected the first characters of a number'],
    [[{ ...TRUNK, mode: 'loose' }], '/0/mode: expected direct or anchored'],
    [[{ ...TRUNK, redirects: true }], '/0/redirects: expected follow or refuse'],
    [[{ ...TRUNK, secret: 'canary' }], '/0/secret: unknown field'],
    [[TRUNK, TRUNK], '/1/name: the name is there twice'],
  ])('is refused in one line that says where and shows no secret: %#', (content, expected) => {
    const parsed = parseTrunks(typeof content === 'string' ? content : JSON.stringify(content));
    const said = parsed.ok ? '' : parsed.error;
    expect(said).toContain(expected);
    expect(said).not.toContain('canary');
    expect(said).not.toContain('\n');
  });
});
