/** The processes of a bench: both applications as they were built, Redis, SIPp. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const children = [];

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whatever ends the bench, nothing of it stays behind. */
export function killAll() {
  for (const child of children) child.kill('SIGKILL');
}

async function freePort(open) {
  const socket = await open();
  const { port } = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

const freeUdpPort = () =>
  freePort(async () => {
    const socket = createSocket('udp4');
    await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return socket;
  });

const freeTcpPort = () =>
  freePort(async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  });

export async function until(what, probe, deadlineMs = 60_000) {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    if (await Promise.resolve(probe()).catch(() => undefined)) return;
    await sleep(20);
  }
  throw new Error(`Not within ${deadlineMs} ms: ${what}`);
}

/** User and system time so far of a process and of those it has started, in milliseconds. */
export function cpuMs({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const own = ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  const started = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return started.reduce((sum, child) => sum + cpuMs({ pid: child }), own);
}

function start(command, args, settings) {
  const child = spawn(command, args, settings);
  children.push(child);
  return child;
}

export async function startApp(app, env) {
  const child = start(process.execPath, [join(root, `dist/apps/${app}/src/main.js`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LEGATO_LOG_LEVEL: 'info', ...env },
  });
  const ready = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('.ready"')) resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`${app} ended with ${code}`)));
  });
  return { pid: child.pid, sip: ready.sip.replace(/^sip:/, ''), http: ready.http };
}

export async function startRedis(folder) {
  const port = String(await freeTcpPort());
  const durable = ['--appendonly', 'yes', '--save', ''];
  const settings = { stdio: 'ignore' };
  start('redis-server', ['--port', port, '--bind', '127.0.0.1', '--dir', folder, ...durable], settings);
  const ping = () => spawnSync('redis-cli', ['-p', port, 'ping'], { encoding: 'utf8' }).stdout;
  await until('Redis answers', () => ping().includes('PONG'));
  return { LEGATO_REDIS_URL: `redis://127.0.0.1:${port}` };
}

export async function startCallee(folder) {
  const port = String(await freeUdpPort());
  const scenario = join(root, 'test/scenarios/callee-rings-then-answers-then-takes-bye.xml');
  const args = ['-sf', scenario, '-i', '127.0.0.1', '-p', port, '-nostdin', '-buff_size', '4000000'];
  start('sipp', args, { cwd: folder, stdio: 'ignore' });
  return `sip:callee@127.0.0.1:${port}`;
}

process.once('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
