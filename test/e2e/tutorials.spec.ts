import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav } from '@legato/media';
import { eventually } from './support/eventually';
import { workerPort } from '@legato/testing';
import { Shell } from './support/shell';
import { follow, type Reader } from './support/tutorial';

const ROOT = join(__dirname, '../..');
const page = (name: string) => join(ROOT, 'docs/tutorials', `${name}.md`);
const READY = { legato: '"control_plane.ready"', phone: ' is sip:' };

/** Somebody with a clone, in which these commands are what the pages mean; `npm start` takes free ports. */
class Newcomer implements Reader {
  readonly folder = mkdtempSync(join(tmpdir(), 'legato-tutorial-'));
  private readonly terminals = new Map<string, Shell>();
  private readonly substitutes = new Map<string, string>();
  private readonly env: Record<string, string> = {};
  private shell: Shell | undefined;

  async moveIn(): Promise<void> {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    for (const [name, script] of [
      ['npm', 'scripts/start.mjs'],
      ['npx', 'scripts/legato.mjs'],
    ] as const) {
      writeFileSync(join(bin, name), `#!/bin/sh\nshift\nexec node '${join(ROOT, script)}' "$@"\n`);
      chmodSync(join(bin, name), 0o755);
    }
    for (const shared of ['apps', 'dist']) symlinkSync(join(ROOT, shared), join(this.folder, shared));
    const mediaPort = String(await workerPort());
    Object.assign(this.env, {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_MS_SIP_PORT: mediaPort,
      LEGATO_MEDIA_SERVERS: `sip:127.0.0.1:${mediaPort}`,
    });
    for (const written of ['6000', '6001']) this.substitutes.set(written, String(await workerPort()));
  }

  async moveOut(): Promise<void> {
    const shells = [...this.terminals.values(), ...(this.shell ? [this.shell] : [])];
    await Promise.all(shells.map((each) => each.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  run(script: string): Promise<string> {
    this.shell ??= new Shell(this.folder, this.env);
    return this.shell.run(this.onFreePorts(script));
  }

  async begin(terminal: string, script: string): Promise<void> {
    const shell = new Shell(this.folder, this.env, this.onFreePorts(script));
    this.terminals.set(terminal, shell);
    const isLegato = terminal === 'legato';
    const output = await shell.until(`${terminal} is ready`, (text) =>
      text.includes(isLegato ? READY.legato : READY.phone),
    );
    if (isLegato) await this.learnPorts(output);
  }

  async type(terminal: string, lines: string): Promise<void> {
    const shell = this.terminals.get(terminal);
    shell?.type(this.onFreePorts(lines));
    await shell?.until('the phone obeys', (text) => text.endsWith('ok\n'));
  }

  wav(name: string): { left: Int16Array; right: Int16Array; rate: number } {
    const wav = readWav(readFileSync(join(this.folder, name)));
    if (!wav.ok) throw new Error(wav.error);
    const { samples, channels, sampleRate: rate } = wav.value;
    const channel = (wanted: number) => samples.filter((_, index) => index % channels === wanted);
    return { left: channel(0), right: channel(channels - 1), rate };
  }

  private async learnPorts(output: string): Promise<void> {
    const line = output.split('\n').find((each) => each.includes(READY.legato)) ?? '';
    const { sip, http } = JSON.parse(line) as { sip: string; http: string };
    this.substitutes.set('127.0.0.1:5060', sip);
    this.substitutes.set('http://127.0.0.1:3000', http);
    await eventually('a media server is there', async () => (await fetch(`${http}/readyz`)).ok);
  }

  private onFreePorts(text: string): string {
    let result = text;
    for (const [written, real] of this.substitutes) result = result.replaceAll(written, real);
    return result;
  }
}

describe('the tutorials', () => {
  let newcomer: Newcomer;
  beforeEach(async () => {
    newcomer = new Newcomer();
    await newcomer.moveIn();
  });
  afterEach(() => newcomer.moveOut());

  it('record a call', async () => {
    await follow(page('record-a-call'), newcomer);
    const { left, right, rate } = newcomer.wav('call.wav');
    expect(energyShareAt(left, rate, 440)).toBeGreaterThan(0.7);
    expect(energyShareAt(right, rate, 1000)).toBeGreaterThan(0.7);
  }, 90_000);

  it('make a voice menu', async () => {
    await follow(page('voice-menu'), newcomer);
    const { left, rate } = newcomer.wav('message.wav');
    expect(energyShareAt(left, rate, 800)).toBeGreaterThan(0.5);
  }, 90_000);

  it('make a conference', async () => {
    await follow(page('conference'), newcomer);
    const { left, rate } = newcomer.wav('room.wav');
    for (const hz of [440, 1000]) expect(energyShareAt(left, rate, hz)).toBeGreaterThan(0.05);
  }, 90_000);
});
