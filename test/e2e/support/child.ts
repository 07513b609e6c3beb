import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from './eventually';

const running = new Set<ChildProcess>();
// Whatever ends the test run, no process of it stays behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process of a test: its lines are kept, and it does not outlive the test. */
export class Child {
  readonly lines: string[] = [];
  private readonly process: ChildProcess;
  private readonly ended: Promise<number | null>;
  /** Ended, and every line of it read. */
  private closed = false;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
  ) {
    this.process = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.process);
    this.process.once('exit', () => running.delete(this.process));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    }
    this.process.once('close', () => (this.closed = true));
    this.ended = new Promise((resolve) => {
      this.process.once('exit', (code) => resolve(code));
      this.process.once('error', (error) => {
        this.lines.push(error.message);
        resolve(127);
      });
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** The exit code, or null when a signal ended it. */
  exit(): Promise<number | null> {
    return this.ended;
  }

  async exitWithin(deadlineMs: number): Promise<number | null> {
    let code: number | null | undefined;
    void this.ended.then((value) => (code = value));
    await eventually(`${this.name} ends`, () => code !== undefined, deadlineMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.tail()}`);
    });
    return code ?? null;
  }

  /** The first line that `pick` makes something of. */
  line<T>(what: string, pick: (line: string) => T | undefined, deadlineMs = 20_000): Promise<T> {
    return eventually(
      `${this.name}: ${what}`,
      () => {
        for (const line of this.lines) {
          const picked = pick(line);
          if (picked !== undefined) return picked;
        }
        if (this.closed) throw new Error(`${this.name} ended\n${this.tail()}`);
        return undefined;
      },
      deadlineMs,
    );
  }

  tail(count = 40): string {
    return this.lines.slice(-count).join('\n');
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (this.running) this.process.kill(signal);
  }

  /** Asks it to end, and makes it end when it does not. */
  async stop(graceMs = 8_000): Promise<void> {
    this.kill('SIGTERM');
    await this.exitWithin(graceMs).catch(() => this.kill('SIGKILL'));
    await this.ended;
  }
}
