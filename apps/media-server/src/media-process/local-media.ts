import type { Clock, Log } from '@legato/kernel';
import { randomIds } from '@legato/kernel';
import { MediaEngine } from '@legato/media';
import { AddressPolicy, OutboundHttp } from '@legato/outbound-http';
import type { MediaServerConfig } from '../config/config';
import { MediaFolders } from '../files/media-folders';
import { OpenRecordings } from '../files/open-recordings';
import { RemoteAudio } from '../files/remote-audio';
import { repairRecordings } from '../files/repair-recordings';
import { ownCpuSeconds } from '../metrics/own-cpu';
import { Interpreter } from '../msml/interpreter';
import { ControlContext } from '../objects/control-context';
import { SessionTable } from '../sessions/session-table';
import { VoiceFolder } from '../voices/voice-folder';
import type { MediaObjects, MediaReport, MediaSide } from './media-side';

/** How long dialogs may take to end. */
const DIALOGS_MS = 2000;

export interface LocalMediaOptions {
  readonly config: MediaServerConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** The media of a media server in this process. */
export class LocalMedia implements MediaSide {
  readonly sessions: SessionTable;
  readonly readiness = 'ready';
  private readonly engine: MediaEngine;
  private readonly context: ControlContext;

  constructor(private readonly options: LocalMediaOptions) {
    const { config, clock, log } = options;
    const { sip, rtpPorts, udp, unheardMs, codecs } = config;
    this.engine = new MediaEngine({ host: sip.host, rtpPorts, udp, unheardMs, clock, log });
    this.context = new ControlContext({
      services: {
        clock,
        log,
        ids: randomIds,
        media: this.engine,
        folders: new MediaFolders(config),
        remote: remoteAudio(config.fetch, clock),
        voices: new VoiceFolder(config.voicesDir),
        openRecordings: new OpenRecordings(),
      },
    });
    this.sessions = new SessionTable({
      context: this.context,
      interpreter: new Interpreter(this.context),
      codecs,
    });
  }

  /** Recordings that a crash left behind are finished before anybody can ask for them. */
  async start(): Promise<void> {
    const repaired = await repairRecordings(this.context.services.folders.recordingsPath);
    for (const path of repaired) this.options.log.warn('recording repaired', { path });
    this.engine.start();
  }

  /** Ticks that happened, and that fell out. */
  get ticks(): { readonly kept: number; readonly late: number } {
    const { ticks, lateTicks } = this.engine.totals();
    return { kept: ticks, late: lateTicks };
  }

  report(): Promise<MediaReport> {
    return Promise.resolve({
      objects: this.objects(),
      totals: this.engine.totals(),
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: ownCpuSeconds(),
    });
  }

  private objects(): MediaObjects {
    const { connections, conferences, recordings, playbacks } = this.engine.counts();
    return {
      connections: this.context.connections.size,
      conferences: Math.max(conferences, this.context.conferences.size),
      dialogs: this.context.dialogs.size,
      recordings,
      playbacks,
      rtpPorts: connections,
    };
  }

  drain(): void {
    this.context.draining = true;
  }

  endDialogs(): Promise<void> {
    this.context.dialogs.endAll();
    return this.context.dialogs.vacancy.wait(this.options.clock, DIALOGS_MS);
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    this.context.services.remote.close();
  }
}

function remoteAudio({ allow, maxBytes, timeoutMs }: MediaServerConfig['fetch'], clock: Clock): RemoteAudio {
  const policy = new AddressPolicy({ allow });
  const http = new OutboundHttp({ policy, timeoutMs, maxResponseBytes: maxBytes, clock });
  return new RemoteAudio({ http, policy, clock });
}
