import type {
  ConferenceMix,
  ConferenceOptions,
  MediaConnection,
  MediaCounts,
  MediaRecording,
  PauseMode,
  PlayOptions,
  PlaySource,
  Playback,
  PlaybackOutcome,
  RecordOptions,
  RecordingOutcome,
  RemoteMedia,
  SpeakersListener,
  StreamDirection,
  StreamShape,
  TransformPlace,
  Transformer,
  VoiceListener,
} from '@legato/media';

/** A connection without a socket: a test presses its keys. */
export class FakeConnection implements MediaConnection {
  readonly stats = { packetsReceived: 0, packetsSent: 0, packetsDropped: 0 };
  readonly configured: RemoteMedia[] = [];
  readonly sentDigits: string[] = [];
  closed = false;
  private readonly digitListeners = new Set<(digit: string, durationMs: number) => void>();
  private readonly inactiveListeners = new Set<() => void>();

  constructor(
    readonly id: string,
    readonly localPort: number,
    private readonly onClose: () => void,
  ) {}

  configure(remote: RemoteMedia): void {
    this.configured.push(remote);
  }

  onDigit(listener: (digit: string, durationMs: number) => void): () => void {
    this.digitListeners.add(listener);
    return () => void this.digitListeners.delete(listener);
  }

  onInactive(listener: () => void): () => void {
    this.inactiveListeners.add(listener);
    return () => void this.inactiveListeners.delete(listener);
  }

  sendDigits(digits: string): void {
    this.sentDigits.push(digits);
  }

  close(): Promise<void> {
    this.closed = true;
    this.onClose();
    return Promise.resolve();
  }

  /** The far end pressed these keys. */
  press(digits: string, durationMs = 100): void {
    for (const digit of digits) this.digitListeners.forEach((listener) => listener(digit, durationMs));
  }

  fallSilent(): void {
    this.inactiveListeners.forEach((listener) => listener());
  }
}

/** A playback that plays for as long as a test lets it. */
export class FakePlayback implements Playback {
  readonly loaded = Promise.resolve();
  readonly done: Promise<PlaybackOutcome>;
  readonly log: string[] = [];
  amountMs = 1000;
  private settle: (outcome: PlaybackOutcome) => void = () => undefined;

  constructor(
    readonly target: string,
    readonly files: readonly PlaySource[],
    readonly options: PlayOptions,
  ) {
    this.done = new Promise((resolve) => (this.settle = resolve));
  }

  end(reason: PlaybackOutcome['reason'] = 'complete', error?: string): Promise<void> {
    this.settle({ reason, amountMs: this.amountMs, ...(error === undefined ? {} : { error }) });
    return settled();
  }

  stop(): void {
    this.log.push('stop');
    void this.end('stopped');
  }

  pause(): void {
    this.log.push('pause');
  }

  resume(): void {
    this.log.push('resume');
  }

  seek(positionMs: number): void {
    this.log.push(`seek ${positionMs}`);
  }

  skip(deltaMs: number): void {
    this.log.push(`skip ${deltaMs}`);
  }
}

/** A recording that writes no file. */
export class FakeRecording implements MediaRecording {
  readonly done: Promise<RecordingOutcome>;
  readonly log: string[] = [];
  lengthMs = 2000;
  /** With false, it takes its time after stop: a test calls `end`. */
  stopsAtOnce = true;
  private settle: (outcome: RecordingOutcome) => void = () => undefined;

  constructor(
    readonly target: string,
    readonly options: RecordOptions,
  ) {
    this.done = new Promise((resolve) => (this.settle = resolve));
  }

  get path(): string {
    return this.options.path;
  }

  end(reason: RecordingOutcome['reason'], error?: string): Promise<void> {
    this.settle({ reason, lengthMs: this.lengthMs, ...(error === undefined ? {} : { error }) });
    return settled();
  }

  stop(trim?: 'finalsilence'): void {
    this.log.push(trim ? `stop ${trim}` : 'stop');
    if (this.stopsAtOnce) void this.end('stopped');
  }

  pause(mode?: PauseMode, note?: string): void {
    this.log.push(['pause', mode, note].filter((word) => word !== undefined).join(' '));
  }

  resume(): void {
    this.log.push('resume');
  }

  cancel(): void {
    this.log.push('cancel');
    void this.end('cancelled');
  }
}

/** Lets everything that waits for settled promises run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** The media engine as a list of what was asked of it. */
export class FakeMediaEngine {
  readonly connections = new Map<string, FakeConnection>();
  readonly conferences = new Set<string>();
  /** Streams that flow, as `from>to`. */
  readonly streams = new Set<string>();
  /** What is done to each of them, by the same name. */
  readonly shapes = new Map<string, StreamShape>();
  /** How each conference was made, with its later changes. */
  readonly mixes = new Map<string, ConferenceOptions>();
  readonly playbacks: FakePlayback[] = [];
  readonly recordings: FakeRecording[] = [];
  /** Who hears what another hears, as `monitored>listener`. */
  readonly monitors = new Set<string>();
  readonly transforms = new Set<{ target: string; place: TransformPlace; transformer: Transformer }>();
  readonly voiceListeners = new Set<{ target: string; listener: VoiceListener }>();
  /** When set, no connection can be opened. */
  openFailure: Error | undefined;
  private nextPort = 40_000;
  private readonly speakersListeners = new Map<string, SpeakersListener>();

  openConnection(id: string): Promise<FakeConnection> {
    if (this.openFailure) return Promise.reject(this.openFailure);
    const connection = new FakeConnection(id, this.nextPort, () => this.connections.delete(id));
    this.nextPort += 2;
    this.connections.set(id, connection);
    return Promise.resolve(connection);
  }

  createConference(id: string, options: ConferenceOptions = {}): void {
    this.conferences.add(id);
    this.mixes.set(id, options);
  }

  updateConference(id: string, mix: ConferenceMix): void {
    const sampleRate = this.mixes.get(id)?.sampleRate;
    this.mixes.set(id, { ...(sampleRate === undefined ? {} : { sampleRate }), ...mix });
  }

  onActiveSpeakers(id: string, listener: SpeakersListener): () => void {
    this.speakersListeners.set(id, listener);
    return () => void this.speakersListeners.delete(id);
  }

  /** These speak in a conference now, the loudest first. */
  speak(conferenceId: string, ids: readonly string[]): void {
    this.speakersListeners.get(conferenceId)?.([...ids]);
  }

  destroyConference(id: string): void {
    this.conferences.delete(id);
    this.mixes.delete(id);
    this.speakersListeners.delete(id);
  }

  join(id1: string, id2: string, dir?: StreamDirection): void {
    if (dir !== 'to-id1') this.streams.add(`${id1}>${id2}`);
    if (dir !== 'from-id1') this.streams.add(`${id2}>${id1}`);
  }

  unjoin(id1: string, id2: string, dir?: StreamDirection): void {
    if (dir !== 'to-id1') this.end(`${id1}>${id2}`);
    if (dir !== 'from-id1') this.end(`${id2}>${id1}`);
  }

  shapeStream(from: string, to: string, shape: StreamShape): void {
    const stream = `${from}>${to}`;
    if (!this.streams.has(stream)) throw new Error(`no stream ${stream}`);
    this.shapes.set(stream, shape);
  }

  monitor(monitored: string, listener: string): void {
    this.monitors.add(`${monitored}>${listener}`);
  }

  unmonitor(monitored: string, listener: string): void {
    this.monitors.delete(`${monitored}>${listener}`);
  }

  transform(target: string, place: TransformPlace, transformer: Transformer): () => void {
    const entry = { target, place, transformer };
    this.transforms.add(entry);
    return () => void this.transforms.delete(entry);
  }

  onVoice(target: string, listener: VoiceListener): () => void {
    const entry = { target, listener };
    this.voiceListeners.add(entry);
    return () => void this.voiceListeners.delete(entry);
  }

  /** There is voice, or silence, for `ms`. */
  voice(target: string, voiced: boolean, ms: number): void {
    for (let lastedMs = 20; lastedMs <= ms; lastedMs += 20) {
      for (const entry of [...this.voiceListeners])
        if (entry.target === target) entry.listener(voiced, lastedMs);
    }
  }

  play(target: string, files: readonly PlaySource[], options: PlayOptions = {}): FakePlayback {
    const playback = new FakePlayback(target, files, options);
    this.playbacks.push(playback);
    return playback;
  }

  record(target: string, options: RecordOptions): FakeRecording {
    const recording = new FakeRecording(target, options);
    this.recordings.push(recording);
    return recording;
  }

  counts(): MediaCounts {
    return {
      connections: this.connections.size,
      conferences: this.conferences.size,
      playbacks: this.playbacks.length,
      recordings: this.recordings.length,
      joins: this.streams.size,
    };
  }

  private end(stream: string): void {
    this.streams.delete(stream);
    this.shapes.delete(stream);
  }
}
