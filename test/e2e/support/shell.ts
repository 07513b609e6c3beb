import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { eventually } from './eventually';

const running = new Set<Shell>();
// Whatever ends the test run, nothing that a shell began stays behind.
process.on('exit', () => {
  for (const shell of running) shell.kill('SIGKILL');
});

const DONE = '--done--';
const DEADLINE_MS = 25_000;

/** A shell that reads what is typed; a group of processes that ends together. */
export class Shell {
  private output = '';
  private errors = '';
  private readonly child: ChildProcessWithoutNullStreams;
  /** Its output is closed: everything that it began has ended, too. */
  private hasEnded = false;

  /** Without `script` it waits for what is run in it; with one it does that, and gets what is typed. */
  constructor(cwd: string, env: Readonly<Record<string, string>>, script?: string) {
    const args = script === undefined ? ['-e'] : ['-e', '-c', script];
    this.child = spawn('sh', args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe', detached: true });
    running.add(this);
    this.child.once('close', () => {
      this.hasEnded = true;
      running.delete(this);
    });
    this.child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.child.stdin.on('error', () => undefined);
  }

  /** Runs commands one after the other and answers what they wrote; throws when one of them fails. */
  async run(script: string): Promise<string> {
    this.output = '';
    this.type(`${script}\necho ${DONE}`);
    await this.until(script, (output) => output.endsWith(`${DONE}\n`));
    return this.output.slice(0, -DONE.length - 1);
  }

  type(lines: string): void {
    this.child.stdin.write(`${lines}\n`);
  }

  /** What was written since the last command, errors last. */
  get said(): string {
    return `${this.output}\n${this.errors}`;
  }

  /** Waits until what was written so far is such. */
  async until(what: string, holds: (output: string) => boolean): Promise<string> {
    try {
      await eventually(what, () => holds(this.output) || this.hasEnded, DEADLINE_MS);
    } catch {
      throw new Error(`not in time: ${what}\n${this.said}`);
    }
    if (!holds(this.output)) throw new Error(`failed: ${what}\n${this.said}`);
    return this.output;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined || this.hasEnded) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // It has just ended.
    }
  }

  async stop(): Promise<void> {
    this.kill('SIGTERM');
    await eventually('the shell ends', () => this.hasEnded).catch(() => this.kill('SIGKILL'));
  }
}
