import { mkdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Child } from './child';
import { eventually } from './eventually';
import { workerPort } from '@legato/testing';

export interface BaresipOptions {
  readonly folder: string;
  readonly user: string;
  /** 8 kHz mono WAV that it speaks. */
  readonly speaks: string;
  readonly answers: 'auto' | 'manual';
  /** Registers with a registrar, and again before its time is over. */
  readonly registers?: {
    /** `host:port` */
    readonly at: string;
    readonly intervalS: number;
    readonly password?: string;
    readonly q?: number;
    /** Default udp. */
    readonly transport?: 'udp' | 'tcp' | 'tls';
  };
  /** With it TLS is served too, on {@link Baresip.tlsPort}. PEM files; `certificate` holds the key as well. */
  readonly tls?: { readonly certificate: string; readonly authorities: string };
}

function account({ user, answers, registers }: BaresipOptions, sipPort: number): string {
  const mode = answers === 'auto' ? ';answermode=auto' : '';
  const codecs = 'audio_codecs=PCMA/8000/1,PCMU/8000/1';
  if (!registers) return `<sip:${user}@127.0.0.1:${sipPort}>;regint=0;${codecs}${mode}\n`;
  const { at, intervalS, password, q, transport = 'udp' } = registers;
  const pass = password ? `;auth_pass=${password}` : '';
  const preference = q === undefined ? '' : `;regq=${q}`;
  return `<sip:${user}@${at};transport=${transport}>;regint=${intervalS}${preference}${pass};${codecs}${mode}\n`;
}

const tlsLines = ({ tls }: BaresipOptions) =>
  tls ? `sip_certificate ${tls.certificate}\nsip_cafile ${tls.authorities}\n` : '';

const config = (options: BaresipOptions, sipPort: number, controlPort: number) => `
sip_listen 127.0.0.1:${sipPort}
net_interface 127.0.0.1
call_local_timeout 120
call_max_calls 4
audio_player aubridge,player
audio_source aufile,${options.speaks}
audio_alert aubridge,alert
audio_channels 1
audio_srate 8000
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
jitter_buffer_type off
rtp_ports 40000-49999
rtp_timeout 0
snd_path ${options.folder}
ctrl_tcp_listen 127.0.0.1:${controlPort}
${tlsLines(options)}module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
`;

const ATTEMPTS = 3;
const COMMAND_MS = 10_000;

/** A real softphone without a sound card, steered over its control port. */
export class Baresip {
  private token = 0;
  /** Events as baresip tells them: CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED… */
  readonly events: { type: string; param?: string }[] = [];
  private readonly answers = new Map<string, (ok: boolean) => void>();

  private constructor(
    readonly child: Child,
    readonly sipPort: number,
    private readonly control: Socket,
  ) {}

  /** It takes the TCP port beside the UDP one that was free, and the next one: with bad luck somebody has them. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      const started = await Baresip.launch(options).catch(() => undefined);
      if (started) return started;
    }
    return Baresip.launch(options);
  }

  private static async launch(options: BaresipOptions): Promise<Baresip> {
    const [sipPort, controlPort] = [await workerPort(), await workerPort()];
    mkdirSync(options.folder, { recursive: true });
    writeFileSync(join(options.folder, 'config'), config(options, sipPort, controlPort));
    writeFileSync(join(options.folder, 'accounts'), account(options, sipPort));
    writeFileSync(join(options.folder, 'contacts'), '');
    const child = new Child('baresip', 'baresip', ['-f', options.folder]);
    const control = await eventually('baresip takes commands', () => connect(controlPort), COMMAND_MS).catch(
      async (error: unknown) => {
        await child.stop(0);
        throw error;
      },
    );
    const baresip = new Baresip(child, sipPort, control);
    baresip.listen();
    return baresip;
  }

  /** Where it takes TLS: baresip puts it next to the port of UDP and TCP. */
  get tlsPort(): number {
    return this.sipPort + 1;
  }

  /** Runs one of baresip's commands (dial, accept, hangup, hold, resume, sndcode). */
  command(command: string, params = ''): Promise<boolean> {
    const token = String(++this.token);
    const text = JSON.stringify({ command, params, token });
    this.control.write(`${Buffer.byteLength(text)}:${text},`);
    return new Promise((resolve) => this.answers.set(token, resolve));
  }

  event(type: string): Promise<{ type: string; param?: string }> {
    return eventually(`baresip tells ${type}`, () => this.events.find((event) => event.type === type));
  }

  async stop(): Promise<void> {
    this.control.destroy();
    await this.child.stop(15_000);
  }

  private listen(): void {
    let buffered = '';
    this.control.on('error', () => undefined);
    this.control.on('data', (chunk: Buffer) => {
      buffered += chunk.toString('utf8');
      for (let message = takeNetstring(buffered); message; message = takeNetstring(buffered)) {
        buffered = message.rest;
        this.receive(JSON.parse(message.text) as Record<string, unknown>);
      }
    });
  }

  private receive(message: Record<string, unknown>): void {
    if (message.event === true) {
      this.events.push({ type: String(message.type), param: message.param as string | undefined });
      return;
    }
    const token = String(message.token);
    this.answers.get(token)?.(message.ok === true);
    this.answers.delete(token);
  }
}

function takeNetstring(buffered: string): { text: string; rest: string } | undefined {
  const colon = buffered.indexOf(':');
  if (colon < 0) return undefined;
  const length = Number(buffered.slice(0, colon));
  const end = colon + 1 + length;
  if (buffered.length < end + 1) return undefined;
  return { text: buffered.slice(colon + 1, end), rest: buffered.slice(end + 1) };
}

function connect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(socket));
    socket.once('error', reject);
  });
}
