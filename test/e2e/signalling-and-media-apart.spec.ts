import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@legato/media';
import type { MediaServer } from './support/apps';
import { startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import type { RtpLeg } from './support/rtp-legs';
import { RtpLegs } from './support/rtp-legs';
import { description, SDP, WireCall } from './support/wire-call';
import { headerOf } from './support/wire-message';
import { answerTo, WirePeer } from './support/wire-peer';

const LEGS = 30;
const STORM = 3000;
/** INVITEs of the storm that are sent at a time, a millisecond apart. */
const GUST = 5;
const WINDOW_MS = 2000;
const STALL_MS = 2000;
/** Of the ticks: what a busy machine may make of them beside what the storm does. */
const MARGIN = 0.2;
/** A dialog without media: what is left of an INVITE when no leg comes of it. */
const CONTROL = description('127.0.0.1');
const MSML = { 'Content-Type': 'application/msml+xml' };

const msml = (operations: string) => `<?xml version="1.0"?><msml version="1.1">${operations}</msml>`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('signalling and media of the media server in two processes', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-apart-')));
  const recordings = join(folder, 'rec');
  let server: MediaServer;
  let peer: WirePeer;
  let rtp: RtpLegs;

  beforeAll(async () => {
    server = await startMediaServer({
      LEGATO_MS_HTTP_PORT: '0',
      LEGATO_MS_RTP_PORTS: '0',
      LEGATO_MS_RECORDINGS_DIR: recordings,
    });
    peer = await WirePeer.open(server.sipPort);
    peer.onRequest = (request) => (request.method === 'ACK' ? undefined : answerTo(request, 200));
    rtp = await RtpLegs.open(peer, server.sipPort, LEGS);
    for (const leg of rtp.legs) await send(leg, dialog(leg, 'echo', '<relay/>'));
    await eventually('the echo', () => rtp.heard > 10 * LEGS);
  }, 60_000);

  afterAll(async () => {
    for (const pid of mediaPids().filter(isAlive)) process.kill(pid, 'SIGCONT');
    await rtp?.close();
    await peer?.close();
    await server?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const page = async (path: string) => fetch(`http://127.0.0.1:${server.httpPort}${path}`);

  const isReady = () => eventually('ready', async () => (await page('/readyz')).status === 200);

  async function metric(name: string, label: string): Promise<number> {
    const text = await (await page('/metrics')).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(`"${label}"`));
    return Number(line?.split(' ').at(-1));
  }

  const dialog = ({ id }: RtpLeg, name: string, content: string) =>
    `<dialogstart target="${id}" type="application/moml+xml" name="${name}">${content}</dialogstart>`;

  const send = ({ call }: RtpLeg, operations: string) =>
    call.ask('INFO', { headers: MSML, body: msml(operations) });

  const record = (leg: RtpLeg, name: string) =>
    send(leg, dialog(leg, 'rec', `<record dest="file://${name}" format="audio/wav" maxtime="60s"/>`));

  /** More than the header: what has no audio is not kept. */
  const hasAudio = (name: string) =>
    eventually('a recording', () => {
      const stat = statSync(join(recordings, name), { throwIfNoEntry: false });
      return stat !== undefined && stat.size > 1000;
    });

  /** Processes that had the media, in order. */
  const mediaPids = () =>
    server.child.lines
      .filter((line) => line.includes('media_process.started'))
      .map((line) => (JSON.parse(line) as { pid: number }).pid);
  const mediaPid = () => mediaPids().at(-1) as number;

  /** The share of the ticks that fell out in the time of `work`. */
  async function lateShare(work: () => Promise<unknown>): Promise<number> {
    const read = () => Promise.all(['kept', 'late'].map((which) => metric('legato_ms_ticks_total', which)));
    const [keptBefore = 0, lateBefore = 0] = await read();
    await work();
    const [kept = 0, late = 0] = await read();
    return (late - lateBefore) / (kept - keptBefore + late - lateBefore);
  }

  it('a storm of INVITEs delays no tick', async () => {
    const calm = await lateShare(() => pause(WINDOW_MS));
    const storm = await WirePeer.open(server.sipPort);
    storm.onRequest = (request) => answerTo(request, 200);
    const stormy = await lateShare(async () => {
      const until = performance.now() + WINDOW_MS;
      const uri = `sip:msml@127.0.0.1:${server.sipPort}`;
      for (let sent = 0; sent < STORM; sent += GUST) {
        for (let each = 0; each < GUST; each += 1)
          storm.send(storm.compose({ method: 'INVITE', uri, headers: SDP, body: CONTROL }).bytes);
        await pause(1);
      }
      await pause(Math.max(0, until - performance.now()));
    });
    const finals = storm.heard.filter(({ status }) => status >= 200);
    await storm.close();
    expect(finals.length).toBeGreaterThan(STORM / 10);
    expect(finals.some(({ status }) => status === 503)).toBe(true);
    for (const { status, ...message } of finals)
      if (status !== 200)
        expect([status, headerOf({ status, ...message }, 'retry-after')]).toEqual([503, '5']);
    expect(stormy).toBeLessThan(calm + MARGIN);
  }, 60_000);

  it('a stall of the media loses no signalling, and nothing is lost or done twice when they go on', async () => {
    const [asking, leaving] = rtp.legs as [RtpLeg, RtpLeg];
    await eventually('the storm is over', () => rtp.add(server.sipPort));
    process.kill(mediaPid(), 'SIGSTOP');
    const stalled = performance.now();
    const info = asking.call.within('INFO', { headers: MSML, body: msml('<createconference name="once"/>') });
    peer.send(info.bytes);
    const invite = peer.compose({
      method: 'INVITE',
      uri: `sip:msml@127.0.0.1:${server.sipPort}`,
      headers: SDP,
      body: rtp.offer,
    });
    peer.send(invite.bytes);
    const answersTo = (branch: string) =>
      peer.heard.filter((message) => message.status > 0 && headerOf(message, 'via').includes(branch));
    await peer.ask({ method: 'OPTIONS' });
    expect((await leaving.call.hangUp()).status).toBe(200);
    await eventually('100', () => answersTo(invite.branch).some(({ status }) => status === 100));
    peer.send(info.bytes);
    peer.send(invite.bytes);
    expect(answersTo(info.branch)).toEqual([]);
    await pause(Math.max(0, stalled + STALL_MS - performance.now()));
    process.kill(mediaPid(), 'SIGCONT');
    const result = await peer.finalOf({ ...info, callId: 'none' });
    expect([result.status, result.body]).toEqual([200, expect.stringContaining('response="200"')]);
    expect((await peer.finalOf({ ...invite, callId: 'none' })).status).toBe(200);
    expect(new Set(answersTo(info.branch).map(({ body }) => body)).size).toBe(1);
    expect((await send(asking, '<createconference name="once"/>')).body).toContain('response="432"');
    expect((await send(asking, dialog(leaving, 'late', '<relay/>'))).body).toContain('response="430"');
  }, 60_000);

  it('media that die end their calls by BYE, come back, and finish what was recorded', async () => {
    const leg = rtp.legs[2] as RtpLeg;
    await record(leg, 'crash.wav');
    await hasAudio('crash.wav.part');
    const [died] = mediaPids();
    process.kill(died as number, 'SIGKILL');
    const bye = await peer.request('BYE', (request) => headerOf(request, 'from').includes(leg.id.slice(5)));
    expect(headerOf(bye, 'reason')).toBe('SIP;cause=503;text="Media lost"');
    await eventually('another media process', () => mediaPids().length === 2);
    await isReady();
    expect(readWav(readFileSync(join(recordings, 'crash.wav'))).ok).toBe(true);
    expect((await WireCall.open(peer, { headers: SDP, body: rtp.offer })).accepted.status).toBe(200);
  }, 60_000);

  it('media do not outlive their signalling, and close what they record', async () => {
    const leg = await rtp.add(server.sipPort);
    await record(leg, 'orphan.wav');
    await hasAudio('orphan.wav.part');
    const pid = mediaPid();
    server.child.kill('SIGKILL');
    await eventually('the media process ends', () => !isAlive(pid));
    expect(readWav(readFileSync(join(recordings, 'orphan.wav'))).ok).toBe(true);
    expect(existsSync(join(recordings, 'orphan.wav.part'))).toBe(false);
  }, 60_000);
});
