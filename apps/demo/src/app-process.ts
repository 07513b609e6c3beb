import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DIST = join(__dirname, '../../..');
const START_DEADLINE_MS = 30_000;

interface Ready {
  readonly event?: string;
  readonly sip?: string;
  readonly http?: string;
}

/** One of the applications as its own process; its log goes to a file. */
export class AppProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** `sip:host:port` without the scheme. */
    readonly sip: string,
    readonly http: string,
  ) {}

  static async start(
    app: string,
    env: Readonly<Record<string, string>>,
    logFile: string,
  ): Promise<AppProcess> {
    const main = join(DIST, 'apps', app, 'src', 'main.js');
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(logFile);
    child.stderr.pipe(log, { end: false });
    const lines = createInterface({ input: child.stdout });
    const ready = await new Promise<Ready>((resolve, reject) => {
      const deadline = setTimeout(
        () => reject(new Error(`${app} is not ready, see ${logFile}`)),
        START_DEADLINE_MS,
      );
      child.once('exit', (code) => reject(new Error(`${app} ended with ${code}, see ${logFile}`)));
      lines.on('line', (line) => {
        log.write(`${line}\n`);
        if (!line.includes('.ready"')) return;
        clearTimeout(deadline);
        resolve(JSON.parse(line) as Ready);
      });
    });
    return new AppProcess(child, (ready.sip ?? '').replace(/^sip:/, ''), ready.http ?? '');
  }

  stop(): Promise<void> {
    if (this.child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill('SIGTERM');
    });
  }
}
