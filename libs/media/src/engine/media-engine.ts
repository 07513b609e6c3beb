import type { Clock, Log } from '@legato/kernel';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import { FRAME_MS } from '../mixer/frame';
import type { MediaNode } from '../mixer/media-node';
import type { SpeakersListener } from '../mixer/speaker-notifier';
import type { StreamShape } from '../mixer/stream-shape';
import type { Transformer } from '../mixer/transformer';
import { isolate, joinNodes, neighbours, streamBetween, unjoinNodes } from '../mixer/topology';
import type { RtpPort, RtpPortFactory } from '../rtp/rtp-port';
import { UdpRtpPortFactory } from '../rtp/rtp-ports';
import { udpIoOf } from '../rtp/udp-backend';
import { ConferenceTable } from './conference-table';
import { MediaObjectError } from './media.errors';
import type {
  ConferenceMix,
  ConferenceOptions,
  MediaConnection,
  MediaCounts,
  MediaEngineOptions,
  MediaRecording,
  MediaTotals,
  PlayOptions,
  PlaySource,
  Playback,
  RecordOptions,
  StreamDirection,
  TransformPlace,
} from './media-objects';
import { MediaOdometer } from './media-odometer';
import { PlaybackTable } from './playback-table';
import { RecordingTable } from './recording-table';
import { RtpConnection } from './rtp-connection';
import { Ticker } from './ticker';
import type { VoiceListener } from './voice-watch';
import { VoiceWatch } from './voice-watch';

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
  private readonly odometer = new MediaOdometer();
  private readonly ticker: Ticker;
  private stopped = false;

  constructor(private readonly options: MediaEngineOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.ports =
      options.rtpPortFactory ??
      new UdpRtpPortFactory({
        host: options.host,
        ports: options.rtpPorts,
        io: udpIoOf(options.udp ?? 'auto', this.log),
      });
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

  /** Lets `listener` hear what `monitored` hears, one tick later (RFC 5707 §8.11). */
  monitor(monitored: string, listener: string): void {
    joinNodes(this.connection(monitored).ear, this.node(listener), 'from-id1');
  }

  unmonitor(monitored: string, listener: string): void {
    unjoinNodes(this.connection(monitored).ear, this.node(listener), 'from-id1');
  }

  /** Puts a transformer into the audio of a connection; returns its removal (§9.9). */
  transform(target: string, place: TransformPlace, transformer: Transformer): () => void {
    return this.connection(target).transform(place, transformer);
  }

  /** Tells in each tick whether there is voice in what an object says (§9.9.1); returns the unsubscription. */
  onVoice(target: string, listener: VoiceListener): () => void {
    const node = this.node(target);
    const watch = new VoiceWatch(listener);
    node.taps = [...node.taps, watch];
    return () => {
      node.taps = node.taps.filter((tap) => tap !== watch);
    };
  }

  play(target: string, sources: readonly PlaySource[], options: PlayOptions = {}): Playback {
    return this.playbacks.play(this.find(target), target, sources, options);
  }

  record(target: string, options: RecordOptions): MediaRecording {
    return this.recordings.record(this.find(target), target, options);
  }

  counts(): MediaCounts {
    const joins = new Set<string>();
    const ears = [...this.connections.values()].map(({ ear }) => ear);
    for (const node of [...this.connections.values(), ...this.conferences.values(), ...ears]) {
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

  /** What has happened since the start. */
  totals(): MediaTotals {
    return this.odometer.totals([...this.connections.values()].map(({ stats }) => stats));
  }

  private createConnection(id: string): RtpConnection {
    return new RtpConnection({
      id,
      latching: this.options.latching ?? 'same-address',
      unheardMs: this.options.unheardMs ?? Infinity,
      rtpTimeoutMs: this.options.rtpTimeoutMs ?? 0,
      clock: this.clock,
      ids: randomIds,
      log: this.log,
      release: (connection) => {
        if (this.connections.delete(connection.id)) this.odometer.noteClosed(connection.stats);
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

  private connection(id: string): RtpConnection {
    const connection = this.connections.get(id);
    if (!connection) throw new MediaObjectError('NO_SUCH_OBJECT', id);
    return connection;
  }

  /** Ends everything that a node has part in; resolves when its recordings are safe. */
  private async clear(node: MediaNode): Promise<void> {
    isolate(node);
    if (node instanceof RtpConnection) isolate(node.ear);
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
    this.ports.receive?.();
    this.odometer.noteTick(skipped);
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
