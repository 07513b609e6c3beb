import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultRates, ProxyCounts } from '@legato/testing';
import { LossyUdpProxy, workerPort } from '@legato/testing';
import { startControlPlane } from './apps';
import { eventually } from './eventually';
import { Rest } from './rest';
import { sipp } from './sipp';
import type { SippCounts } from './sipp-counts';
import { sippCounts } from './sipp-counts';
import { answersCalls } from './wire-call';
import { WirePeer } from './wire-peer';

const CALLER = 'caller-invites-over-a-lossy-line-then-hangs-up';
const CALLEE = 'callee-answers-over-a-lossy-line-then-takes-bye';
const HOLD_MS = 500;

/** The line of the reliability page, scorecard 20. */
export const BAD_LINE: FaultRates = { lossRate: 0.1, duplicateRate: 0.05, minDelayMs: 0, maxDelayMs: 50 };

export interface CallsOverLoss extends SippCounts {
  readonly line: { readonly caller: ProxyCounts; readonly callee: ProxyCounts };
  /** What the control plane still holds at the end: calls, or calls and transactions. */
  readonly left: number;
  /** Lines of its log that tell of a fault. */
  readonly faults: readonly string[];
}

export interface CallsOverLossOptions {
  readonly calls: number;
  readonly perSecond: number;
  readonly seed: number;
  /** What has to be back to zero; transactions take 32 s (RFC 3261 §17, timers D, J and M). */
  readonly settles: 'calls' | 'calls and transactions';
}

/** SIPp calls SIPp through the control plane, with a bad line on each side; every datagram of a call passes one of them. */
export async function callsOverLoss(options: CallsOverLossOptions): Promise<CallsOverLoss> {
  const folder = mkdtempSync(join(tmpdir(), 'legato-loss-'));
  const calleePort = await workerPort();
  const host = '127.0.0.1';
  const { calls, perSecond, seed } = options;
  const toCallee = new LossyUdpProxy({ target: { host, port: calleePort }, seed: seed + 1, ...BAD_LINE });
  const calleeLine = await toCallee.start();
  const routes = join(folder, 'routes.json');
  writeFileSync(
    routes,
    JSON.stringify({
      routes: [{ number: '1000', to: `sip:callee@${host}:${calleeLine.port}`, mode: 'direct' }],
    }),
  );
  const mediaServer = await WirePeer.open(0);
  answersCalls(mediaServer);
  const control = await startControlPlane({
    LEGATO_ROUTES: routes,
    LEGATO_MEDIA_SERVERS: mediaServer.uri,
  });
  const toControl = new LossyUdpProxy({ target: { host, port: control.sipPort }, seed, ...BAD_LINE });
  const callerLine = await toControl.start();
  const patient = ['-max_retrans', '10', '-default_behaviors', 'all,-abortunexp', '-trace_stat', '-fd', '1'];
  const timeoutS = Math.ceil(calls / perSecond) + 90;
  const callee = await sipp({
    scenario: CALLEE,
    cwd: folder,
    port: calleePort,
    calls,
    timeoutS,
    extra: ['-key', 'line_port', String(calleeLine.port), ...patient],
  });
  const caller = await sipp({
    scenario: CALLER,
    remote: `${callerLine.host}:${callerLine.port}`,
    cwd: folder,
    service: '1000',
    calls,
    timeoutS,
    extra: ['-r', String(perSecond), '-d', String(HOLD_MS), ...patient],
  });
  try {
    await caller.child.exitWithin(timeoutS * 1000 + 10_000);
    const counts = sippCounts(folder, CALLER);
    const rest = new Rest(control.http);
    const held = async () =>
      (await rest.metric('legato_calls')) +
      (options.settles === 'calls' ? 0 : await rest.metric('legato_sip_transactions'));
    await eventually('nothing is held', async () => (await held()) === 0, 120_000).catch(() => undefined);
    return {
      ...counts,
      line: { caller: { ...toControl.counts }, callee: { ...toCallee.counts } },
      left: await held(),
      faults: control.child.lines.filter((line) => /"level":"(error|fatal)"|Unhandled|Uncaught/.test(line)),
    };
  } finally {
    caller.child.kill();
    callee.child.kill();
    await Promise.all([caller.child.exit(), callee.child.exit()]);
    await control.child.stop();
    await mediaServer.close();
    await Promise.all([toControl.stop(), toCallee.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}
