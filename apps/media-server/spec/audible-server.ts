import { silentLog } from '@legato/kernel';
import type { CodecName } from '@legato/media';
import { MediaEngine, codecNamed, sineWave } from '@legato/media';
import { FakeClock, FakePhone, FakeRtpNetwork } from '@legato/testing';
import { ControlHarness } from './control-harness';

const FRAME_MS = 20;

export interface PhoneOptions {
  /** Of what it says, for ten seconds; absent: nothing. */
  readonly frequencyHz?: number;
  /** Of full scale. */
  readonly amplitude?: number;
  readonly codec?: CodecName;
  /** Telephone-events are spoken under this number; absent: none. */
  readonly events?: number;
}

/** The media server with its engine, from MSML to packets, on a clock that a test moves. */
export class AudibleServer {
  readonly clock = new FakeClock();
  readonly network = new FakeRtpNetwork();
  readonly phones: FakePhone[] = [];
  readonly engine: MediaEngine;
  readonly control: ControlHarness<MediaEngine>;

  constructor() {
    this.engine = new MediaEngine({
      host: '127.0.0.1',
      rtpPorts: { first: 0, last: 0 },
      clock: this.clock,
      rtpPortFactory: this.network,
    });
    this.engine.start();
    this.control = new ControlHarness({ media: this.engine, clock: this.clock, log: silentLog });
  }

  /** A connection `conn:<tag>` and the phone at its far end. */
  async phone(tag: string, options: PhoneOptions = {}): Promise<FakePhone> {
    const name = options.codec ?? 'PCMU';
    const codec = codecNamed(name);
    if (!codec) throw new Error(`no ${name}`);
    const { media } = await this.control.connect(tag);
    const phone = new FakePhone(this.network, '192.0.2.1', 4000 + 2 * this.phones.length, codec);
    phone.remotePort = media.localPort;
    media.configure({
      host: phone.host,
      port: phone.port,
      codec: name,
      payloadType: 0,
      direction: 'sendrecv',
      ...(options.events === undefined ? {} : { telephoneEventPayloadType: options.events }),
    });
    if (options.frequencyHz !== undefined) {
      const wave = sineWave(options.frequencyHz, 10_000, codec.sampleRate);
      phone.say(wave.map((sample) => sample * (options.amplitude ?? 0.5)));
    }
    this.phones.push(phone);
    return phone;
  }

  /** Time passes for the engine and for the phones. */
  run(ms: number): void {
    for (let elapsed = 0; elapsed < ms; elapsed += FRAME_MS) {
      for (const each of this.phones) each.tick();
      this.clock.advance(FRAME_MS);
    }
  }

  /** Lets files be read and written, while no time passes for the server; until `isDone`. */
  async settle(isDone: () => boolean): Promise<void> {
    for (let turn = 0; turn < 2000 && !isDone(); turn++)
      await new Promise((resolve) => setImmediate(resolve));
    if (!isDone()) throw new Error('it did not happen');
  }

  /** What a phone hears in the next `ms`, once changes have settled. */
  heard(by: FakePhone, ms = 600): Int16Array {
    this.run(400);
    by.heard();
    this.run(ms);
    return by.heard();
  }

  async close(): Promise<void> {
    await this.engine.stop();
    this.control.close();
  }
}
