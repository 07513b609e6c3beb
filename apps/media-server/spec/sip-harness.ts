import type { Clock, Log } from '@legato/kernel';
import { randomIds, silentLog } from '@legato/kernel';
import { AddressPolicy } from '@legato/outbound-http';
import type { SipTransport } from '@legato/sip';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaFolders } from '../src/files/media-folders';
import { OpenRecordings } from '../src/files/open-recordings';
import { RemoteMedia } from '../src/media-process/remote-media';
import { Interpreter } from '../src/msml/interpreter';
import { ControlContext } from '../src/objects/control-context';
import type { MediaPort } from '../src/objects/media-port';
import { DEFAULT_CODECS } from '../src/sessions/codecs';
import { SessionTable } from '../src/sessions/session-table';
import { SipEndpoint } from '../src/signalling/sip-endpoint';
import { RemoteAudio } from '../src/files/remote-audio';
import { FakeWeb } from './fake-web';
import { memoryLink } from './memory-link';
import { VoiceFolder } from '../src/voices/voice-folder';

export interface SipHarnessOptions {
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly transport: SipTransport;
  /** Whether the media are behind messages, as those of another process. */
  readonly apart?: boolean;
}

/** The media server from its SIP transport inwards, with a media engine of the test's. */
export class SipHarness {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-sip-')));
  readonly context: ControlContext;
  readonly endpoint: SipEndpoint;

  constructor(options: SipHarnessOptions) {
    const { media, clock, log, transport } = options;
    mkdirSync(join(this.folder, 'prompts'));
    writeFileSync(join(this.folder, 'prompts', 'welcome.wav'), '');
    const folders = new MediaFolders({
      promptsDir: join(this.folder, 'prompts'),
      recordingsDir: join(this.folder, 'rec'),
    });
    this.context = new ControlContext({
      services: {
        media,
        clock,
        log,
        ids: randomIds,
        folders,
        remote: new RemoteAudio({ http: new FakeWeb(), policy: new AddressPolicy(), clock }),
        voices: new VoiceFolder(join(__dirname, '../voices')),
        openRecordings: new OpenRecordings(),
      },
    });
    const sessions = new SessionTable({
      context: this.context,
      interpreter: new Interpreter(this.context),
      codecs: DEFAULT_CODECS,
    });
    this.endpoint = new SipEndpoint({
      clock,
      log,
      ids: randomIds,
      transports: [transport],
      media: options.apart ? this.apart(sessions, clock) : { readiness: 'ready', sessions },
    });
  }

  private apart(sessions: SessionTable, clock: Clock): RemoteMedia {
    const media = {
      sessions,
      report: () => Promise.reject(new Error('nobody asks')),
      drain: () => undefined,
      endDialogs: () => Promise.resolve(),
    };
    const remote = new RemoteMedia({
      clock,
      log: silentLog,
      sharedNowMs: () => clock.now(),
      spawn: () => memoryLink(media, clock),
    });
    void remote.start();
    return remote;
  }

  async close(): Promise<void> {
    await this.endpoint.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
