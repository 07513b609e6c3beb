import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ha1Of } from '@legato/sip';
import { workerPort } from '@legato/testing';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import type { Child } from './support/child';
import { eventually } from './support/eventually';
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
  let trunk: Child;

  beforeAll(async () => {
    const [nobodyPort, trunkPort] = [await workerPort(), await workerPort()];
    const write = (name: string, content: unknown): string => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const scenario = 'trunk-challenges-then-answers-then-takes-bye';
    // -aa answers the OPTIONS.
    trunk = (await sipp({ scenario, cwd: folder, port: trunkPort, calls: 1000, extra: ['-aa'] })).child;
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
          targets: [`sip:127.0.0.1:${nobodyPort}`, `sip:127.0.0.1:${trunkPort}`],
          realm: 'carrier.example',
          user: 'legato',
          password: TRUNK_PASSWORD,
          prefixes: ['00'],
        },
      ]),
    });
    rest = new Rest(control.http);
    const said = (what: string, port: number) => (line: string) =>
      line.includes(`"msg":"trunk.${what}"`) && line.includes(`:${port}"`) ? true : undefined;
    await control.child.line('the trunk is up', said('up', trunkPort));
    await control.child.line('nobody is at the first target', said('down', nobodyPort));
  }, 60_000);

  afterAll(async () => {
    trunk?.kill();
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
    const calling = await caller('caller-invites-then-authenticates-then-hangs-up', PASSWORD, CALLS);
    expect(await calling.child.exitWithin(60_000)).toBe(0);
    expect(trunk.running).toBe(true);
    await eventually('all calls have ended', async () => {
      const types = await rest.eventTypes();
      return (
        types.filter((type) => type === 'call.ended').length === CALLS && types.includes('call.answered')
      );
    });
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
