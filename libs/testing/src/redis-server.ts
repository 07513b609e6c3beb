import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerPort } from './worker-port';

export interface RedisServerOptions {
  /** Keeps what it has over a kill, by an append-only file. */
  readonly appendOnly?: boolean;
  /** Read first; port, folder and persistence are set over it. */
  readonly configFile?: string;
  /** More command line options, such as `--requirepass`, `x`. */
  readonly args?: readonly string[];
}

const READY_MS = 20_000;
const POLL_MS = 10;

/** The shell ends with this process, however it ends, and takes the server and its folder with it. */
const KEEPER =
  'redis-server "$@" >/dev/null 2>&1 & echo $!; read -r _; kill -9 $! 2>/dev/null; wait 2>/dev/null';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A Redis of its own for one test file, on a free port and in a folder of its own. */
export class RedisServer {
  private keeper: ChildProcess | undefined;
  private pid = 0;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly options: RedisServerOptions,
  ) {}

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await workerPort(), mkdtempSync(join(tmpdir(), 'legato-redis-')), options);
    await server.launch();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** `kill -9`: nothing is saved that is not in the append-only file. */
  async kill(): Promise<void> {
    const { keeper } = this;
    if (!keeper) return;
    this.keeper = undefined;
    process.kill(this.pid, 'SIGKILL');
    const ended = new Promise((resolve) => keeper.once('exit', resolve));
    keeper.stdin?.end();
    await ended;
  }

  /** Starts it again on the same port and in the same folder. */
  async restart(): Promise<void> {
    await this.kill();
    await this.launch();
  }

  /** It keeps its connections and does nothing. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** One command on a connection of its own. */
  async command(name: string, ...args: (string | number)[]): Promise<unknown> {
    const { Redis } = await import('ioredis');
    const url = this.options.args ? this.authorized() : this.url;
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await redis.call(name, ...args);
    } finally {
      // One that never stood has ended by itself.
      if (redis.status !== 'end') redis.disconnect();
    }
  }

  /** Every key with the milliseconds it has left; -1 for one that lives for ever. */
  async keys(): Promise<{ key: string; ttlMs: number }[]> {
    const names = (await this.command('KEYS', '*')) as string[];
    return Promise.all(names.map(async (key) => ({ key, ttlMs: Number(await this.command('PTTL', key)) })));
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private authorized(): string {
    const at = this.options.args?.indexOf('--requirepass') ?? -1;
    const pass = at < 0 ? undefined : this.options.args?.[at + 1];
    return pass === undefined ? this.url : `redis://:${pass}@127.0.0.1:${this.port}`;
  }

  private async launch(): Promise<void> {
    const { appendOnly = false, args = [], configFile } = this.options;
    const settings = configFile === undefined ? [] : [configFile];
    settings.push('--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '');
    settings.push('--appendonly', appendOnly ? 'yes' : 'no', '--daemonize', 'no', ...args);
    const keeper = spawn('/bin/sh', ['-c', `${KEEPER}`, 'redis', ...settings], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.keeper = keeper;
    this.pid = await new Promise<number>((resolve, reject) => {
      keeper.once('error', reject);
      keeper.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes.toString().trim())));
    });
    await this.untilReady();
  }

  private async untilReady(): Promise<void> {
    const until = performance.now() + READY_MS;
    while (!(await this.answers())) {
      if (performance.now() > until) {
        await this.stop();
        throw new Error(`redis-server did not answer within ${READY_MS} ms`);
      }
      await pause(POLL_MS);
    }
  }

  private async answers(): Promise<boolean> {
    try {
      return (await this.command('PING')) === 'PONG';
    } catch {
      return false;
    }
  }
}
