import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from './support/apps';
import { startMediaServer } from './support/apps';
import { AUDIO, description } from './support/wire-call';
import { WirePeer, answerTo } from './support/wire-peer';

const MAIN = join(__dirname, '../../dist/apps/cli/src/main.js');
const POINTS = 38;
/** A requirement on application servers can not be seen by calling a media server. */
const NOT_RUN = [36];

interface Finding {
  readonly point?: number;
  readonly section: string;
  readonly state: string;
  readonly detail?: string;
}

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly findings: readonly Finding[];
}

function legato(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes) => (out += String(bytes)));
    child.stderr.on('data', (bytes) => (err += String(bytes)));
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

describe('legato conformance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-conformance-'));
  const recordings = join(folder, 'recordings');
  let media: MediaServer;

  beforeAll(async () => {
    mkdirSync(recordings);
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings, LEGATO_MS_PROMPTS_DIR: folder });
  }, 60_000);

  afterAll(async () => {
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('finds nothing wrong with the reference server, in all of the points and the flows', async () => {
    const { code, out, err } = await legato(
      'conformance',
      `sip:${media.sip}`,
      '--json',
      '--patience',
      '20000',
    );
    expect(err).toBe('');
    const { findings } = JSON.parse(out) as Report;
    expect(findings.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(findings.flatMap(({ point, state }) => (state === 'not run' ? [point] : []))).toEqual(NOT_RUN);
    const points = findings.flatMap(({ point }) => (point === undefined ? [] : [point]));
    expect(points).toEqual(Array.from({ length: POINTS }, (_, index) => index + 1));
    expect(findings.filter(({ point }) => point === undefined).map(({ section }) => section)).toEqual([
      '12.1',
      '12.2',
      '13.5',
    ]);
    expect(code).toBe(0);
  }, 240_000);

  it('says what is missing of a server that takes every request and does nothing', async () => {
    const server = await WirePeer.open(0);
    const answer = description('127.0.0.1', AUDIO);
    server.onRequest = (request) =>
      request.method === 'ACK'
        ? undefined
        : answerTo(
            request,
            200,
            request.method === 'INVITE'
              ? { headers: ['Content-Type: application/sdp', `Contact: <${server.uri}>`], body: answer }
              : {},
          );
    const args = ['--only', '1, 9', '--patience', '500'];
    const { code, out } = await legato('conformance', server.uri, ...args);
    await server.close();
    expect(out).toMatch(
      /✘ {4}1 .*\(§3\.1\)\n\s+expected that .*answered SIP 200 \(the answer has no MSML result\)/,
    );
    expect(out).toContain('0 passed, 2 failed, 0 not run');
    expect(code).toBe(1);
  }, 60_000);

  it('says that nobody answers, and which arguments make sense', async () => {
    const nobody = await WirePeer.open(0);
    expect(await legato('conformance', nobody.uri, '--patience', '200')).toMatchObject({ code: 3, out: '' });
    await nobody.close();
    expect(await legato('conformance')).toMatchObject({ code: 2 });
    expect(await legato('conformance', 'sip:127.0.0.1', '--profile', 'nobody')).toMatchObject({ code: 2 });
    expect(await legato('conform')).toMatchObject({ code: 2 });
    const help = await legato('conformance', '--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain('--patience MS');
  }, 60_000);

  it('verifies what was recorded, and finds a file that was touched', async () => {
    const wav = readdirSync(recordings).find((name) => name.endsWith('.wav'));
    const file = join(recordings, wav ?? '');
    expect(await legato('recording', 'verify', file)).toMatchObject({ code: 0 });
    appendFileSync(file, Buffer.from([1, 2]));
    const touched = await legato('recording', 'verify', file, '--json');
    expect(touched.code).toBe(1);
    const { findings } = JSON.parse(touched.out) as { findings: { what: string; passed: boolean }[] };
    expect(findings.find(({ what }) => what === 'sha256')).toMatchObject({ passed: false });
  }, 60_000);
});
