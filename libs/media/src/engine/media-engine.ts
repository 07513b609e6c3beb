import type { Clock, Log } from '@legato/kernel';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import { FRAME_MS } from '../mixer/frame';
import type { MediaNode } from '../mixer/media-node';
import type { SpeakersListener } from '../mixer/speaker-notifier';
import type { StreamShape } from '../mixer/stream-shape';
import { isolate, joinNodes, neighbours, streamBetween, unjoinNodes } from '../mixer/topology';
import type { RtpPort, RtpPortFactory } from '../rtp/rtp-port';
import { UdpRtpPortFactory } from '../rtp/rtp-socket';
import { ConferenceTable } from './conference-table';
import { MediaObjectError } from './media.errors';
import type {
  ConferenceMix,
  ConferenceOptions,
  MediaConnection,
  MediaCounts,
  MediaEngineOptions,
  MediaRecording,
  PlayOptions,
  PlaySource,
  Playback,
  RecordOptions,
  StreamDirection,
} from './media-objects';
import { PlaybackTable } from './playback-table';
import { RecordingTable } from './recording-table';
import { RtpConnection } from './rtp-connection';
import { Ticker } from './ticker';

/**
 * Connections, conferences and what flows between them, on one 20 ms clock. Operations on objects that do not exist throw
 * {@link MediaObjectError}; a playback or recording of such an object fails through its `done`.
 */
export class MediaEngine {
  private readonly connections = new Map<string, RtpConnection>();
  private readonly conferences: ConferenceTable;
  private readonly opening = new Set<string>();
  private readonly playbacks = new PlaybackTable();
  private readonly recordings: RecordingTable;
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
    this.recordings = new RecordingTable(this.clock);
    this.conferences = new ConferenceTable(this.log, (conference) => void this.clear(conference));
    this.ticker = new Ticker(this.clock, FRAME_MS, (skipped) => this.tick(skipped));
  }

  start(): void {
    this.ticker.start();
  }

  /** Closes everything; resolves when recordings are safe and sockets are closed. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.ticker.stop();
    for (const id of this.conferences.ids()) this.conferences.destroy(id);
    await Promise.all([...this.connections.values()].map((connection) => connection.close()));
    await this.recordings.settled();
  }

  /** Binds the ports of a new connection. Rejects with code NO_PORT, or with a {@link MediaObjectError} when the id is taken. */
  async openConnection(id: string): Promise<MediaConnection> {
    if (this.stopped) throw new MediaObjectError('STOPPED', id);
    this.claim(id);
    this.opening.add(id);
    try {
      const connection = this.createConnection(id);
      const port = await this.ports.open(
        (bytes, host, from) => this.receiveRtp(connection, bytes, host, from),
        (bytes, host) => connection.receiveRtcp(bytes, host),
      );
      return await this.admit(connection, port);
    } finally {
      this.opening.delete(id);
    }
  }

  createConference(id: string, options: ConferenceOptions = {}): void {
    this.claim(id);
    this.conferences.create(id, options);
  }

  /** Changes how a conference is mixed; what `mix` does not name is off. */
  updateConference(id: string, mix: ConferenceMix): void {
    this.conferences.update(id, mix);
  }

  /** Calls back with the ids of who speaks, the loudest first, as the conference's `activeSpeakers` say; returns the unsubscription. */
  onActiveSpeakers(id: string, listener: SpeakersListener): () => void {
    return this.conferences.onActiveSpeakers(id, listener);
  }

  destroyConference(id: string): void {
    this.conferences.destroy(id);
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

  /** Replaces what is done to the stream from one object to another (RFC 5707 §8.12.1); throws NO_SUCH_OBJECT when there is none. */
  shapeStream(from: string, to: string, shape: StreamShape): void {
    const stream = streamBetween(this.node(from), this.node(to));
    if (!stream) throw new MediaObjectError('NO_SUCH_OBJECT', `${from} > ${to}`);
    stream.shape = shape;
  }

  play(target: string, sources: readonly PlaySource[], options: PlayOptions = {}): Playback {
    return this.playbacks.play(this.find(target), target, sources, options);
  }

  record(target: string, options: RecordOptions): MediaRecording {
    return this.recordings.record(this.find(target), target, options);
  }

  counts(): MediaCounts {
    const joins = new Set<string>();
    for (const node of [...this.connections.values(), ...this.conferences.values()]) {
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
      clock: this.clock,
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

  private claim(id: string): void {
    if (this.find(id) || this.opening.has(id)) throw new MediaObjectError('EXISTS', id);
  }

  private find(id: string): MediaNode | undefined {
    return this.connections.get(id) ?? this.conferences.find(id);
  }

  private node(id: string): MediaNode {
    const node = this.find(id);
    if (!node) throw new MediaObjectError('NO_SUCH_OBJECT', id);
    return node;
  }

  /** Ends everything that a node has part in; resolves when its recordings are safe. */
  private async clear(node: MediaNode): Promise<void> {
    isolate(node);
    this.playbacks.stopOn(node);
    await this.recordings.stopOn(node);
  }

  private receiveRtp(connection: RtpConnection, bytes: Uint8Array, host: string, port: number): void {
    try {
      connection.receiveRtp(bytes, host, port);
    } catch (error) {
      this.abandon(connection, error);
    }
  }

  private tick(skipped: number): void {
    if (skipped > 0) this.recordings.skip(skipped);
    for (const connection of this.connections.values()) {
      try {
        connection.listen(skipped);
      } catch (error) {
        this.abandon(connection, error);
      }
    }
    this.conferences.tick();
    for (const connection of this.connections.values()) {
      try {
        connection.speak();
      } catch (error) {
        this.abandon(connection, error);
      }
    }
    this.ports.flush?.();
  }

  /** A programming error ends the connection that it happened in, never the process. */
  private abandon(connection: RtpConnection, error: unknown): void {
    this.log.error('connection failed', { connection: connection.id, error: String(error) });
    connection.close().catch(() => undefined);
  }
}
