import { execFileSync } from 'node:child_process';
import { Child } from './child';
import { eventually } from './eventually';

/** A capture that takes longer to read has taken in what is not ours. */
const READ_MS = 30_000;

/** tshark on loopback; what it makes of a capture is a second opinion on every byte that we send. */
export class Capture {
  private constructor(
    private readonly child: Child,
    readonly file: string,
  ) {}

  /** Takes in what has one of these UDP ports, or ranges `first-last`, at one of its ends. */
  static async start(file: string, ports: readonly (number | string)[]): Promise<Capture> {
    const filter = `udp and (${ports.map((port) => `portrange ${port}`).join(' or ')})`;
    const child = new Child('tshark', 'tshark', ['-q', '-i', 'lo', '-f', filter, '-w', file]);
    await child.line('captures', (line) => (line.includes('Capturing on') ? true : undefined));
    return new Capture(child, file);
  }

  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    await this.child.exitWithin(10_000);
  }

  /** One line per packet that matches `filter`, with the wanted fields. */
  read(filter: string, fields: readonly string[], decodeAs: readonly string[] = []): string[] {
    const args = ['-r', this.file, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
    const decode = decodeAs.flatMap((rule) => ['-d', rule]);
    const text = execFileSync('tshark', [...args, ...decode], {
      encoding: 'utf8',
      timeout: READ_MS,
      maxBuffer: 64 * 1_024 * 1_024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.split('\n').filter((line) => line.length > 0);
  }

  /** Packets of these ports, and of RTP, that a dissector stumbled over: other tests may send what is broken on purpose. */
  malformed(sipPorts: readonly number[]): string[] {
    const decode = sipPorts.map((port) => `udp.port==${port},sip`);
    const ours = `udp.port in {${sipPorts.join(', ')}} || rtp || rtcp`;
    return this.read(`_ws.malformed && (${ours})`, ['frame.number', '_ws.col.Info'], decode);
  }

  async until(
    what: string,
    filter: string,
    fields: readonly string[],
    decodeAs: readonly string[],
  ): Promise<string[]> {
    return eventually(what, () => {
      const lines = this.read(filter, fields, decodeAs);
      return lines.length > 0 ? lines : undefined;
    });
  }
}
