import { workerPort } from '@legato/testing';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { Child } from '../../e2e/support/child';
import { eventually } from '../../e2e/support/eventually';

interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: Readonly<Record<string, unknown>> };
  readonly error?: { readonly reason: string };
}

const PLUGIN = 'janus.plugin.audiobridge';
const ROOM = 1;
const RATE = 8000;

/** Janus with its AudioBridge (Debian's `janus`), one room of 8 kHz that is recorded. */
export class Janus {
  private readonly heard: JanusMessage[] = [];
  private session = 0;
  private serial = 0;

  private constructor(
    private readonly child: Child,
    private readonly socket: WebSocket,
    /** The WAV file of the mix; complete when the room is destroyed. */
    readonly recording: string,
  ) {
    socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as JanusMessage));
  }

  static async start(folder: string): Promise<Janus> {
    const port = await workerPort();
    const child = new Child('janus', 'janus', ['-F', configuration(folder, port), '-o', '-i', 'lo']);
    const socket = await eventually('Janus listens', () => {
      if (!child.running) throw new Error(child.tail());
      return connected(port);
    });
    const janus = new Janus(child, socket, join(folder, 'janus-mix.wav'));
    janus.session = (await janus.ask({ janus: 'create' })).data?.id ?? 0;
    const handle = await janus.attach();
    await janus.command(handle, {
      request: 'create',
      room: ROOM,
      sampling_rate: RATE,
      allow_rtp_participants: true,
      record: true,
      record_file: janus.recording,
    });
    return janus;
  }

  /** Has a party of plain RTP (PCMA) join the room; the port where Janus wants its packets. */
  async join(port: number): Promise<number> {
    const body = {
      request: 'join',
      room: ROOM,
      codec: 'pcma',
      rtp: { ip: '127.0.0.1', port, payload_type: 8 },
    };
    const joined = await this.command(await this.attach(), body);
    return (joined.rtp as { port: number }).port;
  }

  /** Ends the recording. */
  async finishRecording(): Promise<void> {
    await this.command(await this.attach(), { request: 'enable_recording', room: ROOM, record: false });
  }

  async stop(): Promise<void> {
    this.socket.close();
    await this.child.stop();
  }

  private async attach(): Promise<number> {
    return (await this.ask({ janus: 'attach', plugin: PLUGIN })).data?.id ?? 0;
  }

  private async command(handle: number, body: object): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.ask({ janus: 'message', handle_id: handle, body });
    const data = answer.plugindata?.data ?? {};
    if ('error' in data) throw new Error(JSON.stringify(data));
    return data;
  }

  /** The answer of a transaction; that of a request which is carried out later comes after its `ack`. */
  private async ask(request: object): Promise<JanusMessage> {
    this.serial += 1;
    const transaction = String(this.serial);
    const session = this.session === 0 ? {} : { session_id: this.session };
    this.socket.send(JSON.stringify({ ...request, ...session, transaction }));
    const answer = await eventually(`an answer to ${JSON.stringify(request)}`, () =>
      this.heard.find((message) => message.transaction === transaction && message.janus !== 'ack'),
    );
    if (answer.error) throw new Error(answer.error.reason);
    return answer;
  }
}

function connected(port: number): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol');
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** A folder of configuration in which nothing but AudioBridge and WebSockets on loopback is there. */
function configuration(folder: string, port: number): string {
  const here = join(folder, 'janus');
  mkdirSync(here);
  const libraries = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'janus'));
  const installed = (kind: string) =>
    join(libraries.find((path) => existsSync(path)) ?? '/usr/lib/janus', kind);
  writeFileSync(
    join(here, 'janus.jcfg'),
    `general: {
  configs_folder = "${here}"
  plugins_folder = "${installed('plugins')}"
  transports_folder = "${installed('transports')}"
  debug_level = 4
  no_webrtc_encryption = true
}
plugins: { disable = "${others(installed('plugins'), 'libjanus_audiobridge.so')}" }
transports: { disable = "${others(installed('transports'), 'libjanus_websockets.so')}" }
events: { broadcast = false }
`,
  );
  writeFileSync(
    join(here, 'janus.transport.websockets.jcfg'),
    `general: { ws = true, ws_port = ${port}, ws_ip = "127.0.0.1", wss = false }\nadmin: { admin_ws = false }\n`,
  );
  writeFileSync(join(here, 'janus.plugin.audiobridge.jcfg'), 'general: { local_ip = "127.0.0.1" }\n');
  return here;
}

const others = (folder: string, wanted: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.so') && name !== wanted)
    .join(',');
