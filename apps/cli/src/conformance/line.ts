import type { CodecName, MediaConnection, MediaEngine } from '@legato/media';
import { energyShareAt, readWav, sineWave } from '@legato/media';
import type { AudioEnd } from '@legato/sdp';
import { SessionDescription, acceptAnswer, offerAudio } from '@legato/sdp';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const RATE = 8000;
const LISTEN_MS = 700;
const LISTEN_SETTLE_MS = 300;
/** Share of the energy from which on a tone counts as heard. */
const HEARD = 0.15;

/** The audio of one party: speaks a tone, presses keys, and says which tones it hears. */
export class Line {
  private heard = 0;
  private speaking: { stop(): void } | undefined;
  private offered: Buffer | undefined;
  private version = 0;

  constructor(
    private readonly engine: MediaEngine,
    private readonly connection: MediaConnection,
    private readonly host: string,
    private readonly folder: string,
  ) {}

  /** A description of this end. */
  offer(): Buffer {
    this.version += 1;
    const end: AudioEnd = {
      host: this.host,
      port: this.connection.localPort,
      sessionId: '1',
      version: this.version,
      codecs: ['PCMA', 'PCMU'],
    };
    this.offered = offerAudio(end);
    return this.offered;
  }

  /** False when the answer has no audio that we offered. */
  acceptAnswer(bytes: Uint8Array): boolean {
    const answer = SessionDescription.parse(bytes);
    const chosen = answer.ok && this.offered ? acceptAnswer(this.offered, answer.value)?.chosen : undefined;
    if (!chosen) return false;
    this.connection.configure({
      host: chosen.remoteHost,
      port: chosen.remotePort,
      codec: chosen.codec as CodecName,
      payloadType: chosen.payloadType,
      direction: chosen.direction,
      ...(chosen.telephoneEventPayloadType !== undefined && {
        telephoneEventPayloadType: chosen.telephoneEventPayloadType,
      }),
    });
    return true;
  }

  /** Speaks a tone from now on, in the place of the one before. */
  say(frequencyHz: number): void {
    this.silence();
    const tone = { sampleRate: RATE, channels: 1, samples: sineWave(frequencyHz, 1000) };
    this.speaking = this.engine.play(this.connection.id, [tone], { iterate: -1 });
  }

  silence(): void {
    this.speaking?.stop();
    this.speaking = undefined;
  }

  press(digits: string, durationMs?: number): void {
    this.connection.sendDigits(digits, durationMs === undefined ? {} : { durationMs });
  }

  /** Which of these tones are heard in the next moment. */
  async hears(frequenciesHz: readonly number[]): Promise<number[]> {
    await pause(LISTEN_SETTLE_MS);
    const path = join(this.folder, `heard-${this.connection.localPort}-${(this.heard += 1)}.wav`);
    const recording = this.engine.record(this.connection.id, { path, channels: 1 });
    await pause(LISTEN_MS);
    recording.stop();
    await recording.done;
    const wav = readWav(readFileSync(path));
    rmSync(path);
    if (!wav.ok) return [];
    const { samples, sampleRate } = wav.value;
    return frequenciesHz.filter((frequency) => energyShareAt(samples, sampleRate, frequency) > HEARD);
  }

  close(): Promise<void> {
    this.silence();
    return this.connection.close();
  }
}
