import type { StreamShape } from '@legato/media';
import type { StreamClamp, StreamGain } from '@legato/msml';
import type { MediaPort } from './media-port';

/** What a stream does to the sound on its way (RFC 5707 §8.12.1). */
export interface StreamProperties {
  readonly preferred?: boolean;
  readonly gain?: StreamGain | undefined;
  readonly clamp?: StreamClamp;
}

/** One direction of audio between two objects; a bidirectional stream is two of them (§8.8). */
export interface AudioStream {
  readonly from: string;
  readonly to: string;
  properties: StreamProperties;
  /** What `to` gets is not what `from` says but what it hears (§8.11). */
  readonly isMonitor: boolean;
  /** What unmute goes back to. */
  audibleGain: StreamGain | undefined;
}

const DEFAULT_MAX_GAIN_DB = 10;

function loudnessOf(gain: StreamGain | undefined): StreamShape {
  if (gain?.agc) {
    const maxGainDb = Number(gain.maxgain ?? DEFAULT_MAX_GAIN_DB);
    return { agc: { targetDbm0: Number(gain.tgtlvl), maxGainDb } };
  }
  if (gain?.amt === undefined) return {};
  return { gain: gain.amt === 'mute' ? 'mute' : Number(gain.amt) };
}

const shapeOf = ({ preferred, gain, clamp }: StreamProperties): StreamShape => ({
  ...loudnessOf(gain),
  ...(preferred === undefined ? {} : { preferred }),
  ...(clamp?.dtmf === undefined ? {} : { clampDtmf: clamp.dtmf }),
  ...(clamp?.tone === undefined ? {} : { clampTones: clamp.tone }),
});

/** Every stream between connections and conferences, as clients know them. */
export class StreamGraph {
  private readonly byObject = new Map<string, Set<AudioStream>>();

  constructor(
    private readonly media: Pick<MediaPort, 'join' | 'unjoin' | 'monitor' | 'unmonitor' | 'shapeStream'>,
  ) {}

  /** The stream of a join. */
  find(from: string, to: string): AudioStream | undefined {
    return this.between(from, to, false);
  }

  /** The copy of what `from` hears that `to` gets. */
  findMonitor(from: string, to: string): AudioStream | undefined {
    return this.between(from, to, true);
  }

  private between(from: string, to: string, isMonitor: boolean): AudioStream | undefined {
    return this.of(from).find(
      (stream) => stream.from === from && stream.to === to && stream.isMonitor === isMonitor,
    );
  }

  /** The streams that begin or end at an object. */
  of(id: string): AudioStream[] {
    return [...(this.byObject.get(id) ?? [])];
  }

  /** Adds a stream; one that is there gets the properties that are named. */
  add(from: string, to: string, properties: StreamProperties = {}): void {
    const known = this.find(from, to);
    if (known) {
      this.modify(known, properties);
      return;
    }
    const stream = this.keep(from, to, false);
    this.media.join(from, to, 'from-id1');
    this.modify(stream, properties);
  }

  /** Gives `listener` a copy of what `monitored` hears (§8.11); nothing changes when it has one. */
  monitor(monitored: string, listener: string): void {
    if (this.findMonitor(monitored, listener)) return;
    this.keep(monitored, listener, true);
    this.media.monitor(monitored, listener);
  }

  private keep(from: string, to: string, isMonitor: boolean): AudioStream {
    const stream: AudioStream = { from, to, properties: {}, isMonitor, audibleGain: undefined };
    this.index(from).add(stream);
    this.index(to).add(stream);
    return stream;
  }

  /** Changes the properties that are named and leaves the others (§8.9). */
  modify(stream: AudioStream, properties: StreamProperties): void {
    stream.properties = { ...stream.properties, ...properties };
    if (properties.gain) this.changeGain(stream, properties.gain);
    this.media.shapeStream(stream.from, stream.to, shapeOf(stream.properties));
  }

  remove(stream: AudioStream): void {
    if (stream.isMonitor) this.media.unmonitor(stream.from, stream.to);
    else this.media.unjoin(stream.from, stream.to, 'from-id1');
    for (const id of [stream.from, stream.to]) {
      const streams = this.byObject.get(id);
      streams?.delete(stream);
      if (streams?.size === 0) this.byObject.delete(id);
    }
  }

  private changeGain(stream: AudioStream, gain: StreamGain): void {
    if (gain.amt === 'mute') return;
    if (gain.amt === 'unmute') stream.properties = { ...stream.properties, gain: stream.audibleGain };
    else stream.audibleGain = gain;
  }

  private index(id: string): Set<AudioStream> {
    const streams = this.byObject.get(id) ?? new Set();
    this.byObject.set(id, streams);
    return streams;
  }
}
