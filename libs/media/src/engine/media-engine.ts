import type { Clock, Log } from '@legato/kernel';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import { Conference } from '../mixer/conference';
import { FRAME_MS } from '../mixer/frame';
import type { AudioSource, MediaNode } from '../mixer/media-node';
import { isolate, joinNodes, neighbours, unjoinNodes } from '../mixer/topology';
import type { RtpPort, RtpPortFactory } from '../rtp/rtp-port';
import { UdpRtpPortFactory } from '../rtp/rtp-socket';
import { Beep } from '../tones/beep';
import { loadWav } from '../wav/wav-loader';
import { WavSource } from '../wav/wav-source';
import { FilePlayback } from './file-playback';
import { FileRecording } from './file-recording';
import { MediaObjectError } from './media.errors';
import type {
  MediaConnection,
  MediaCounts,
  MediaEngineOptions,
  MediaRecording,
  PlayOptions,
  Playback,
  RecordOptions,
  StreamDirection,
} from './media-objects';
import { RtpConnection } from './rtp-connection';
import { Ticker } from './ticker';

const CONFERENCE_RATE = 8000;

/**
 * Connections, conferences and what flows between them, on one 20 ms clock. Operations on objects that do not exist throw
 * {@link MediaObjectError}; a playback or recording of such an object fails through its `done`.
 */
export class MediaEngine {
  private readonly connections = new Map<string, RtpConnection>();
  private readonly conferences = new Map<string, Conference>();
  private readonly opening = new Set<string>();
  private readonly playbacks = new Map<FilePlayback, MediaNode>();
  private readonly recordings = new Map<FileRecording, MediaNode>();
  private readonly unfinished = new Set<Promise<unknown>>();
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly ports: RtpPortFactory;
  private readonly ticker: Ticker;
  private stopped = false;

  constructor(private readonly options: MediaEngineOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.ports =
      options.rtpPortFactory ??
      new UdpRtpPortFactory({ host: options.host, ports: options.rtpPorts, log: this.log });
    this.ticker = new Ticker(this.clock, FRAME_MS, (skipped) => this.tick(skipped));
  }

  start(): void {
    this.ticker.start();
  }

  /** Closes everything; resolves when recordings are safe and sockets are closed. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.ticker.stop();
    for (const id of [...this.conferences.keys()]) this.destroyConference(id);
    await Promise.all([...this.connections.values()].map((connection) => connection.close()));
    await Promise.all(this.unfinished);
  }

  /** Binds the ports of a new connection. Rejects with code NO_PORT, or with a {@link MediaObjectError} when the id is taken. */
  async openConnection(id: string): Promise<MediaConnection> {
    if (this.stopped) throw new MediaObjectError('STOPPED', id);
    if (this.taken(id)) throw new MediaObjectError('EXISTS', id);
    this.opening.add(id);
    try {
      const connection = this.createConnection(id);
      const port = await this.ports.open(
        (bytes, host, from) => this.receiveRtp(connection, bytes, host, from),
        () => undefined,
      );
      return await this.admit(connection, port);
    } finally {
      this.opening.delete(id);
    }
  }

  createConference(id: string): void {
    if (this.taken(id)) throw new MediaObjectError('EXISTS', id);
    this.conferences.set(id, new Conference(id, CONFERENCE_RATE));
  }

  destroyConference(id: string): void {
    const conference = this.conferences.get(id);
    if (!conference) throw new MediaObjectError('NO_SUCH_OBJECT', id);
    this.conferences.delete(id);
    void this.clear(conference);
  }

  join(id1: string, id2: string, dir?: StreamDirection): void {
    joinNodes(this.node(id1), this.node(id2), dir);
  }

  unjoin(id1: string, id2: string, dir?: StreamDirection): void {
    unjoinNodes(this.node(id1), this.node(id2), dir);
  }

  joined(id: string): string[] {
    return neighbours(this.node(id));
  }

  play(target: string, files: readonly string[], options: PlayOptions = {}): Playback {
    const node = this.find(target);
    const load = async (sampleRate: number): Promise<WavSource[]> => {
      if (!node) throw new MediaObjectError('NO_SUCH_OBJECT', target);
      const loaded = await Promise.all(files.map((path) => loadWav(path)));
      return loaded.map(({ bytes, layout }) => new WavSource(bytes, layout, sampleRate));
    };
    const playback = new FilePlayback(load, node?.sampleRate ?? CONFERENCE_RATE, options, (ended) => {
      this.playbacks.delete(ended);
      if (node) detachSource(node, ended);
    });
    if (node) {
      this.playbacks.set(playback, node);
      node.sources = [...node.sources, playback];
    }
    return playback;
  }

  record(target: string, options: RecordOptions): MediaRecording {
    const node = this.find(target);
    if (!node) return failedRecording(options.path, new MediaObjectError('NO_SUCH_OBJECT', target).message);
    let beep: AudioSource | undefined;
    const recording = new FileRecording(options, (ended) => {
      if (beep) detachSource(node, beep);
      node.taps = node.taps.filter((tap) => tap !== ended);
    });
    if (options.beep) {
      const begin = (): void => {
        if (beep) detachSource(node, beep);
        recording.begin();
      };
      beep = new Beep(node.sampleRate, begin);
      node.sources = [...node.sources, beep];
    }
    node.taps = [...node.taps, recording];
    this.keep(recording, node);
    return recording;
  }

  counts(): MediaCounts {
    const joins = new Set<string>();
    for (const node of this.nodes()) {
      for (const { from, to } of node.outbound) joins.add([from.id, to.id].sort().join('\n'));
    }
    return {
      connections: this.connections.size,
      conferences: this.conferences.size,
      playbacks: this.playbacks.size,
      recordings: this.recordings.size,
      joins: joins.size,
    };
  }

  private createConnection(id: string): RtpConnection {
    return new RtpConnection({
      id,
      latching: this.options.latching ?? 'same-address',
      rtpTimeoutMs: this.options.rtpTimeoutMs ?? 0,
      ids: randomIds,
      log: this.log,
      release: (connection) => {
        this.connections.delete(connection.id);
        return this.clear(connection);
      },
    });
  }

  private async admit(connection: RtpConnection, port: RtpPort): Promise<MediaConnection> {
    connection.attach(port);
    if (this.stopped) {
      await connection.close();
      throw new MediaObjectError('STOPPED', connection.id);
    }
    this.connections.set(connection.id, connection);
    return connection;
  }

  private taken(id: string): boolean {
    return this.connections.has(id) || this.conferences.has(id) || this.opening.has(id);
  }

  private find(id: string): MediaNode | undefined {
    return this.connections.get(id) ?? this.conferences.get(id);
  }

  private node(id: string): MediaNode {
    const node = this.find(id);
    if (!node) throw new MediaObjectError('NO_SUCH_OBJECT', id);
    return node;
  }

  private *nodes(): Generator<MediaNode> {
    yield* this.connections.values();
    yield* this.conferences.values();
  }

  /** Counts a recording until its file is safe. */
  private keep(recording: FileRecording, node: MediaNode): void {
    this.recordings.set(recording, node);
    const finished = recording.done.then(() => {
      this.recordings.delete(recording);
      this.unfinished.delete(finished);
    });
    this.unfinished.add(finished);
  }

  /** Ends everything that a node has part in; resolves when its recordings are safe. */
  private async clear(node: MediaNode): Promise<void> {
    isolate(node);
    for (const [playback, target] of this.playbacks) if (target === node) playback.stop();
    const ended = [...this.recordings]
      .filter(([, target]) => target === node)
      .map(([recording]) => recording);
    for (const recording of ended) recording.stop();
    await Promise.all(ended.map(({ done }) => done));
  }

  private receiveRtp(connection: RtpConnection, bytes: Uint8Array, host: string, port: number): void {
    try {
      connection.receiveRtp(bytes, host, port);
    } catch (error) {
      this.abandon(connection, error);
    }
  }

  private tick(skipped: number): void {
    if (skipped > 0) for (const recording of this.recordings.keys()) recording.skip(skipped);
    for (const connection of this.connections.values()) {
      try {
        connection.listen(skipped);
      } catch (error) {
        this.abandon(connection, error);
      }
    }
    this.mixConferences();
    for (const connection of this.connections.values()) {
      try {
        connection.speak();
      } catch (error) {
        this.abandon(connection, error);
      }
    }
  }

  private mixConferences(): void {
    const conferences = [...this.conferences.values()];
    for (const step of ['mix', 'prepareNext', 'turnOver', 'feedTaps'] as const) {
      for (const conference of conferences) this.attempt(conference, step);
    }
  }

  /** A programming error ends the conference that it happened in, never the process. */
  private attempt(conference: Conference, step: 'mix' | 'prepareNext' | 'turnOver' | 'feedTaps'): void {
    try {
      conference[step]();
    } catch (error) {
      this.log.error('conference failed', { conference: conference.id, error: String(error) });
      if (this.conferences.delete(conference.id)) void this.clear(conference);
    }
  }

  /** A programming error ends the connection that it happened in, never the process. */
  private abandon(connection: RtpConnection, error: unknown): void {
    this.log.error('connection failed', { connection: connection.id, error: String(error) });
    connection.close().catch(() => undefined);
  }
}

function detachSource(node: MediaNode, source: AudioSource): void {
  node.sources = node.sources.filter((other) => other !== source);
}

/** What `record` gives for a target that does not exist. */
function failedRecording(path: string, error: string): MediaRecording {
  const nothing = (): void => undefined;
  const done = Promise.resolve({ reason: 'failed' as const, lengthMs: 0, error });
  return { path, done, stop: nothing, pause: nothing, resume: nothing, cancel: nothing };
}
