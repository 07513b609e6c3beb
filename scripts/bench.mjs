#!/usr/bin/env node
/**
 * Bridged direct calls through a built control plane, SIPp on both sides. Prints a table and writes
 * bench-out/bench.json: calls/s, CPU ms per call of the control plane, p50/p99 INVITE to 200, bytes per held call,
 * parser speed. Nothing here passes or fails on time: compare ratios on one machine.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `Usage: npm run bench -- [options]
  --rates 500,1000,1500,2000   calls per second to try (ascending; stops after a rate that fails calls)
  --seconds 10                 length of each run
  --held 10000                 calls held at once for the memory figure (0: skip)
  --store memory,redis         stores to measure
  --out bench-out              where bench.json goes`;

const { values: options } = parseArgs({
  options: {
    rates: { type: 'string', default: '500,1000,1500,2000' },
    seconds: { type: 'string', default: '10' },
    held: { type: 'string', default: '10000' },
    store: { type: 'string', default: 'memory,redis' },
    out: { type: 'string', default: 'bench-out' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const scenario = (name) => join(root, 'test/scenarios', `${name}.xml`);
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

async function freeUdpPort() {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

async function freeTcpPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** User and system time of a process so far, in milliseconds. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

const residentBytes = (pid) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

async function until(what, probe, deadlineMs = 30_000) {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    const answer = await Promise.resolve(probe()).catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Not within ${deadlineMs} ms: ${what}`);
}

async function startRedis(folder) {
  const port = await freeTcpPort();
  const child = spawn(
    'redis-server',
    ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''],
    { stdio: 'ignore' },
  );
  await until('Redis answers', () =>
    spawnSync('redis-cli', ['-p', port, 'ping'], { encoding: 'utf8' }).stdout?.includes('PONG'),
  );
  return { child, url: `redis://127.0.0.1:${port}` };
}

async function startControlPlane(folder, calleePort, redisUrl) {
  const routes = join(folder, 'routes.json');
  writeFileSync(
    routes,
    JSON.stringify({
      routes: [{ number: '*', to: `sip:callee@127.0.0.1:${calleePort}`, mode: 'direct', record: false }],
    }),
  );
  // As npm run start:control-plane does.
  const flags = ['--max-semi-space-size=64'];
  const child = spawn(process.execPath, [...flags, join(root, 'dist/apps/control-plane/src/main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_ROUTES: routes,
      LEGATO_LOG_LEVEL: 'info',
      ...(redisUrl ? { LEGATO_REDIS_URL: redisUrl } : {}),
    },
  });
  const lines = createInterface({ input: child.stdout });
  const ready = await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('control_plane.ready')) resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`control plane ended with ${code}`)));
  });
  return { child, sip: ready.sip.replace(/^sip:/, '') };
}

function percentile(sorted, share) {
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Milliseconds from INVITE to 200, out of SIPp's -trace_rtt files. */
function responseTimes(folder) {
  const times = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('_rtt.csv'))) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n').slice(1)) {
      const ms = Number(line.split(';')[1]);
      if (line.includes(';') && Number.isFinite(ms)) times.push(ms);
    }
  }
  return times.sort((a, b) => a - b);
}

/** Last row of SIPp's -trace_stat file. */
function statistics(folder) {
  const name = readdirSync(folder).find((file) => file.startsWith('bench-caller') && file.endsWith('_.csv'));
  const rows = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const header = rows[0].split(';');
  const last = rows.at(-1).split(';');
  return {
    successful: Number(last[header.indexOf('SuccessfulCall(C)')]),
    failed: Number(last[header.indexOf('FailedCall(C)')]),
  };
}

async function withControlPlane(store, work) {
  const folder = mkdtempSync(join(tmpdir(), 'legato-bench-'));
  const calleePort = await freeUdpPort();
  const redis = store === 'redis' ? await startRedis(folder) : undefined;
  const callee = spawn(
    'sipp',
    [
      '-sf',
      scenario('callee-rings-then-answers-then-takes-bye'),
      '-i',
      '127.0.0.1',
      '-p',
      calleePort,
      '-nostdin',
      '-buff_size',
      4_000_000,
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const control = await startControlPlane(folder, calleePort, redis?.url);
  try {
    return await work({ folder, control });
  } finally {
    for (const child of [callee, control.child, redis?.child]) child?.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    rmSync(folder, { recursive: true, force: true });
  }
}

const callerArgs = (sip, port) => [
  sip,
  '-sf',
  scenario('bench-caller-calls-then-hangs-up'),
  '-s',
  '1000',
  '-i',
  '127.0.0.1',
  '-p',
  String(port),
  '-nostdin',
  '-buff_size',
  '4000000',
];

async function runCaller(args, folder) {
  const child = spawn('sipp', args, { cwd: folder, stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', resolve));
}

async function measureRate(store, rate, seconds) {
  return withControlPlane(store, async ({ folder, control }) => {
    const port = await freeUdpPort();
    // A second of half the rate first: the figures are those of compiled code.
    await runCaller(
      [
        ...callerArgs(control.sip, port),
        '-r',
        String(Math.ceil(rate / 2)),
        '-m',
        String(rate * 2),
        '-d',
        '0',
        '-timeout',
        '60s',
      ],
      folder,
    );
    const before = cpuMs(control.child.pid);
    const calls = rate * seconds;
    const began = performance.now();
    await runCaller(
      [
        ...callerArgs(control.sip, await freeUdpPort()),
        '-r',
        String(rate),
        '-m',
        String(calls),
        '-l',
        String(rate * 4),
        '-d',
        '0',
        '-timeout',
        `${seconds + 60}s`,
        '-trace_stat',
        '-fd',
        '1',
        '-trace_rtt',
        '-rtt_freq',
        '200',
      ],
      folder,
    );
    const took = (performance.now() - began) / 1000;
    const { successful, failed } = statistics(folder);
    const times = responseTimes(folder);
    return {
      store,
      rate,
      achieved: Math.round(successful / took),
      failed,
      cpuMsPerCall: Number(((cpuMs(control.child.pid) - before) / Math.max(1, successful)).toFixed(3)),
      p50Ms: percentile(times, 0.5),
      p99Ms: percentile(times, 0.99),
    };
  });
}

async function measureHeld(store, held) {
  return withControlPlane(store, async ({ folder, control }) => {
    await runCaller(
      [
        ...callerArgs(control.sip, await freeUdpPort()),
        '-r',
        '400',
        '-m',
        '400',
        '-d',
        '0',
        '-timeout',
        '60s',
      ],
      folder,
    );
    const before = residentBytes(control.child.pid);
    const running = runCaller(
      [
        ...callerArgs(control.sip, await freeUdpPort()),
        '-r',
        '500',
        '-m',
        String(held),
        '-l',
        String(held + 100),
        '-d',
        '60000',
        '-timeout',
        '180s',
        '-trace_stat',
        '-fd',
        '1',
      ],
      folder,
    );
    await new Promise((resolve) => setTimeout(resolve, (held / 500) * 1000 + 5000));
    const bytes = residentBytes(control.child.pid) - before;
    await running;
    return {
      store,
      held,
      kilobytesPerHeldCall: Number((bytes / held / 1024).toFixed(1)),
      failed: statistics(folder).failed,
    };
  });
}

async function benchesInProcess() {
  const load = createRequire(import.meta.url);
  load('./ts-hook.cjs');
  const { parserBench } = load('../test/bench/parser.bench.ts');
  return { parser: await parserBench() };
}

const results = { node: process.version, runs: [], held: [] };
for (const store of options.store.split(',')) {
  for (const rate of options.rates.split(',').map(Number)) {
    const run = await measureRate(store, rate, Number(options.seconds));
    results.runs.push(run);
    process.stderr.write(`${store} ${rate}/s: ${JSON.stringify(run)}\n`);
    if (run.failed > 0) break;
  }
  if (Number(options.held) > 0) results.held.push(await measureHeld(store, Number(options.held)));
}
Object.assign(results, await benchesInProcess());

console.table(results.runs);
console.table(results.held);
console.table([results.parser]);
mkdirSync(join(root, options.out), { recursive: true });
writeFileSync(join(root, options.out, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
