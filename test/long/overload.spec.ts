import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from '../e2e/support/apps';
import { startControlPlane } from '../e2e/support/apps';
import { eventually } from '../e2e/support/eventually';
import { workerPort } from '@legato/testing';
import { Rest } from '../e2e/support/rest';
import { sipp } from '../e2e/support/sipp';
import { AUDIO, NOT_BY_CALL_ID, SDP, WireCall, answersCalls, description } from '../e2e/support/wire-call';
import { headerOf } from '../e2e/support/wire-message';
import type { WireMessage } from '../e2e/support/wire-message';
import type { SentRequest } from '../e2e/support/wire-peer';
import { WirePeer } from '../e2e/support/wire-peer';

/** Some ten times what a node on one core completes. */
const CALLS_PER_SECOND = 5_000;
const CALLS = 50_000;
const ESTABLISHED = 20;
const TIMER_E_MS = 500;
const TIMER_F_MS = 32_000;
const RECOVERY_MS = 5_000;

const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Infinity;

/** Sends a request until it is answered: a datagram that finds the socket full is lost like any other (RFC 3261 §17.1). */
function patiently(peer: WirePeer, sent: SentRequest): Promise<WireMessage> {
  const again = setInterval(() => peer.send(sent.bytes), TIMER_E_MS);
  peer.send(sent.bytes);
  return peer.finalOf(sent, TIMER_F_MS).finally(() => clearInterval(again));
}

/** Scorecard 18 of the reliability page. */
describe('ten times as many calls as the node can take', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-overload-'));
  let control: ControlPlane;
  let caller: WirePeer;
  let callee: WirePeer;

  beforeAll(async () => {
    callee = await WirePeer.open(0);
    answersCalls(callee);
    const stormPort = await workerPort();
    const routes = join(folder, 'routes.json');
    const to = (number: string, uri: string) => ({ number, to: uri, mode: 'direct' });
    const storm = `sip:callee@127.0.0.1:${stormPort}`;
    writeFileSync(routes, JSON.stringify({ routes: [to('1000', callee.uri), to('2000', storm)] }));
    control = await startControlPlane({ LEGATO_ROUTES: routes, LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9' });
    caller = await WirePeer.open(control.sipPort);
  }, 60_000);

  afterAll(async () => {
    await control?.child.stop();
    await Promise.all([caller?.close(), callee?.close()]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const invite = { headers: SDP, body: description('127.0.0.1', AUDIO) };

  it('are refused with 503 and Retry-After, while calls under way go on, and it recovers (RFC 3261 §21.5.4)', async () => {
    const calls: WireCall[] = [];
    for (let i = 0; i < ESTABLISHED; i += 1) calls.push(await WireCall.open(caller, invite));
    const storm = await sipp({
      scenario: 'bench-caller-calls-then-hangs-up',
      remote: control.sip,
      cwd: folder,
      service: '2000',
      calls: CALLS,
      timeoutS: 60,
      extra: ['-r', String(CALLS_PER_SECOND), '-d', '100', '-l', '20000', '-trace_stat', '-fd', '1'],
    });
    const newcomer = await WirePeer.open(control.sipPort);
    const refusal = eventually(
      'a new call is refused',
      async () => {
        const answer = await patiently(newcomer, newcomer.compose({ method: 'INVITE', ...invite }));
        return answer.status === 503 ? answer : undefined;
      },
      30_000,
    );
    const roundTrips: number[] = [];
    let isOver = false;
    const ping = async (call: WireCall): Promise<void> => {
      while (!isOver) {
        const from = performance.now();
        const { status } = await patiently(caller, { ...call.within('UPDATE'), callId: NOT_BY_CALL_ID });
        roundTrips.push(performance.now() - from);
        expect(status).toBe(200);
      }
    };
    const pings = Promise.all(calls.map(ping));
    const refused = await refusal.finally(() => (isOver = true));
    expect(Number(headerOf(refused, 'retry-after'))).toBeGreaterThan(0);
    await pings;
    storm.child.kill();
    await storm.child.exit();
    const over = performance.now();
    await eventually(
      'a new call comes about',
      async () => (await WireCall.open(newcomer, invite).catch(() => undefined))?.hangUp(),
      2 * RECOVERY_MS,
    );
    const recoveredMs = performance.now() - over;
    process.stdout.write(
      `overload: ${roundTrips.length} requests in dialogs, p99 ${Math.round(p99(roundTrips))} ms; recovered in ${Math.round(recoveredMs)} ms\n`,
    );
    expect(recoveredMs).toBeLessThan(RECOVERY_MS);
    for (const call of calls) expect((await call.hangUp()).status).toBe(200);
    await newcomer.close();
    const rest = new Rest(control.http);
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0, 120_000);
  }, 240_000);
});
