import type { Clock, IdSource, Log } from '@legato/kernel';
import { AddressPolicy } from '@legato/outbound-http';
import type { MsmlEvent, MsmlResult } from '@legato/msml';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaFolders } from '../src/files/media-folders';
import { OpenRecordings } from '../src/files/open-recordings';
import { Interpreter } from '../src/msml/interpreter';
import { Connection } from '../src/objects/connection';
import type { Limits } from '../src/objects/control-context';
import { ControlContext } from '../src/objects/control-context';
import type { EventSink } from '../src/objects/event-sink';
import type { MediaPort } from '../src/objects/media-port';
import { removeConnection } from '../src/objects/remove-connection';
import { RemoteAudio } from '../src/files/remote-audio';
import { FakeWeb } from './fake-web';
import { VoiceFolder } from '../src/voices/voice-folder';

const VOICES = join(__dirname, '../voices');

class CountingIds implements IdSource {
  private count = 0;

  token(): string {
    this.count += 1;
    return `id${this.count}`;
  }

  uuidv7(): string {
    return this.token();
  }
}

/** A SIP dialog as the interpreter sees it: keeps the events that were sent to it. */
export class RecordedController implements EventSink {
  readonly events: MsmlEvent[] = [];
  /** Called for each event, after it was kept. */
  onEvent: (event: MsmlEvent) => void = () => undefined;

  constructor(
    readonly controller = 'conn:control',
    readonly exitResults: EventSink['exitResults'] = 'msml.dialog.exit',
  ) {}

  send(event: MsmlEvent): void {
    this.events.push(event);
    this.onEvent(event);
  }

  /** Name and id of each event, and its items. */
  get lines(): string[] {
    return this.events.map(({ name, id, values }) =>
      [name, id, ...values.map((item) => `${item.name}=${item.value}`)].join(' '),
    );
  }
}

export interface HarnessOptions<Media extends MediaPort> {
  readonly media: Media;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Limits;
}

/** The media server without SIP and sockets: requests go in as MSML, events come out. */
export class ControlHarness<Media extends MediaPort> {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-control-')));
  readonly media: Media;
  readonly context: ControlContext;
  readonly control = new RecordedController();
  /** Connections that were told to hang up. */
  readonly hungUp: string[] = [];
  /** The web, as far as there is one: what is fetched, and how it is answered. */
  readonly web = new FakeWeb();
  private readonly interpreter: Interpreter;

  constructor(options: HarnessOptions<Media>) {
    const { media, clock, log } = options;
    this.media = media;
    mkdirSync(join(this.folder, 'prompts'));
    for (const name of ['welcome.wav', 'beep.wav']) writeFileSync(join(this.folder, 'prompts', name), '');
    const ids = new CountingIds();
    const folders = new MediaFolders({
      promptsDir: join(this.folder, 'prompts'),
      recordingsDir: join(this.folder, 'rec'),
    });
    this.context = new ControlContext({
      services: {
        media,
        clock,
        log,
        ids,
        folders,
        remote: new RemoteAudio({ http: this.web, policy: new AddressPolicy(), clock }),
        voices: new VoiceFolder(VOICES),
        openRecordings: new OpenRecordings(),
      },
      ...(options.limits ? { limits: options.limits } : {}),
    });
    this.interpreter = new Interpreter(this.context);
  }

  /** A connection `conn:<tag>`, as an INVITE makes it. */
  async connect(tag: string): Promise<Connection> {
    const id = `conn:${tag}`;
    const connection = new Connection(id, await this.media.openConnection(id), {
      disconnect: () => void this.hungUp.push(id),
      describe: () => ({
        sipdialog: { callid: 'call@as', localtag: tag, remotetag: 'as', localseq: '1', remoteseq: '7' },
        localsdp: 'v=0',
        remotesdp: 'v=0',
      }),
    });
    this.context.connections.set(id, connection);
    return connection;
  }

  /** Its SIP dialog ended. */
  hangUp(connection: Connection): Promise<void> {
    return removeConnection(this.context, connection);
  }

  /** Carries out the operations inside of `<msml>`. */
  request(
    operations: string,
    origin: EventSink = this.control,
    mode: 'strict' | 'lenient' = 'strict',
  ): MsmlResult {
    return this.document(`<msml version="1.1">${operations}</msml>`, origin, mode);
  }

  document(
    text: string,
    origin: EventSink = this.control,
    mode: 'strict' | 'lenient' = 'strict',
  ): MsmlResult {
    return this.interpreter.execute(Buffer.from(text), { origin, mode });
  }

  /** Starts a dialog named `d` on `target`; fails the test when it is refused. */
  dialog(target: string, content: string, origin: EventSink = this.control): void {
    const result = this.request(
      `<dialogstart target="${target}" type="application/moml+xml" name="d">${content}</dialogstart>`,
      origin,
    );
    if (result.response !== '200') throw new Error(`${result.response} ${result.description ?? ''}`);
  }

  recordingPath(name: string): string {
    return join(this.folder, 'rec', name);
  }

  promptPath(name: string): string {
    return join(this.folder, 'prompts', name);
  }

  voicePath(name: string): string {
    return join(VOICES, name);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
