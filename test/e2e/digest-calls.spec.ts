import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ha1Of } from '@legato/sip';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { freeUdpPort } from './support/free-port';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';

const PASSWORD = 'canary-caller';
const TRUNK_PASSWORD = 'canary-trunk';
const CALLS = 5;

/** SIPp as a caller with a password and as a trunk that wants one; the control plane between them runs as a process. */
describe('calls between SIPp and a SIPp that is a trunk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-digest-'));
  let control: ControlPlane;
  let rest: Rest;
  let trunkPort: number;

  beforeAll(async () => {
    trunkPort = await freeUdpPort();
    const write = (name: string, content: unknown): string => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    control = await startControlPlane({
      LEGATO_SIP_CHALLENGE: '407',
      LEGATO_LOG_LEVEL: 'debug',
      LEGATO_CREDENTIALS: write('credentials.json', {
        realm: 'example.com',
        users: [{ user: '1001', password: PASSWORD }],
      }),
      LEGATO_TRUNKS: write('trunks.json', [
        {
          name: 'carrier',
          // Nobody is at the first one.
          targets: [`sip:127.0.0.1:${await freeUdpPort()}`, `sip:127.0.0.1:${trunkPort}`],
          realm: 'carrier.example',
          user: 'legato',
          password: TRUNK_PASSWORD,
          prefixes: ['00'],
        },
      ]),
    });
    rest = new Rest(control.http);
  }, 60_000);

  afterAll(async () => {
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const caller = (scenario: string, password: string, calls = 1) =>
    sipp({
      scenario,
      remote: control.sip,
      cwd: folder,
      service: '0049301234',
      calls,
      extra: ['-au', '1001', '-ap', password, '-r', '10'],
    });

  it('come about: the caller is challenged, the trunk challenges us, and a target that is not there is left out', async () => {
    const scenario = 'trunk-challenges-then-answers-then-takes-bye';
    const trunk = await sipp({ scenario, cwd: folder, port: trunkPort, calls: CALLS });
    const calling = await caller('caller-invites-then-authenticates-then-hangs-up', PASSWORD, CALLS);
    expect(await calling.child.exitWithin(60_000)).toBe(0);
    expect(await trunk.child.exitWithin(60_000)).toBe(0);
    const ended = (await rest.eventTypes()).filter((type) => type === 'call.ended');
    expect(ended).toHaveLength(CALLS);
  }, 120_000);

  it('do not come about with a wrong password: 407 again, and no call', async () => {
    const before = await rest.eventTypes();
    const calling = await caller('caller-invites-then-is-challenged-twice', 'wrong');
    expect(await calling.child.exitWithin(30_000)).toBe(0);
    expect(await rest.eventTypes()).toEqual(before);
  }, 60_000);

  it('leave no secret in the log', () => {
    const log = control.child.lines.join('\n');
    expect(log).toContain('"verdict":"rejected"');
    expect(log).not.toContain('canary');
    expect(log).not.toContain(ha1Of('MD5', '1001', 'example.com', PASSWORD));
    expect(log).not.toContain(ha1Of('MD5', 'legato', 'carrier.example', TRUNK_PASSWORD));
    expect(log).not.toMatch(/nonce=|response=/);
  });
});
